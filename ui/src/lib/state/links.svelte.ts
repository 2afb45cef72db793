// Links of others: shown whole first, then opened in the system's browser, http and https only.

let asked = $state<string | null>(null);

export const link = {
  get asked(): string | null {
    return asked;
  },
  ask: (url: string): void => void (asked = url),
  done: (): void => void (asked = null),
};
