import { mockIPC } from '@tauri-apps/api/mocks';
import { flushSync, mount, unmount, type Component } from 'svelte';

export type Calls = { command: string; args: unknown }[];

/** Answers commands as the shell would; keeps what was asked. Events may be listened to. */
export function shell(handlers: Record<string, (args: never) => unknown>): Calls {
  const calls: Calls = [];
  mockIPC((command, args) => {
    if (command.startsWith('plugin:event|')) return 1;
    calls.push({ command, args });
    const handler = handlers[command];
    if (!handler) throw `command ${command} not found`;
    return handler(args as never);
  });
  return calls;
}

const mounted: Record<string, unknown>[] = [];

/** Draws a component into the page. */
export function draw<P extends Record<string, unknown>>(
  component: Component<P>,
  props: P,
): Record<string, unknown> {
  const instance = mount(component, { target: document.body, props }) as Record<string, unknown>;
  mounted.push(instance);
  flushSync();
  return instance;
}

/** Takes everything that was drawn away again. */
export function clear(): void {
  for (const instance of mounted.splice(0)) void unmount(instance);
}

export function find<E extends HTMLElement = HTMLElement>(testid: string): E {
  const element = document.querySelector<E>(`[data-testid="${testid}"]`);
  if (!element) throw new Error(`the page has no ${testid}`);
  return element;
}

export function has(testid: string): boolean {
  return document.querySelector(`[data-testid="${testid}"]`) !== null;
}

/** Types a whole text into an input, as a paste or a fast typist does. */
export function type(input: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  input.value = text;
  input.dispatchEvent(new Event('input', { bubbles: true }));
  flushSync();
}

export function choose(select: HTMLSelectElement, key: string): void {
  select.value = key;
  select.dispatchEvent(new Event('change', { bubbles: true }));
  flushSync();
}

export function click(element: HTMLElement): void {
  element.click();
  flushSync();
}

/** Lets promises and effects that wait settle. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
  flushSync();
}
