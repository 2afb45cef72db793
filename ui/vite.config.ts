import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte()],
  resolve: {
    alias: { $lib: fileURLToPath(new URL('./src/lib', import.meta.url)) },
    // Without this, vitest resolves Svelte to its server build, which has no `mount`.
    ...(process.env['VITEST'] ? { conditions: ['browser'] } : {}),
  },
  clearScreen: false,
  server: { port: 5183, strictPort: true },
  build: {
    target: 'safari16',
    // Nothing becomes a data: URL, so that the policy of the page needs none for fonts and scripts.
    assetsInlineLimit: 0,
  },
  test: {
    environment: 'happy-dom',
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/setup.ts'],
  },
});
