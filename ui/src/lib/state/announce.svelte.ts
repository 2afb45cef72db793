// What a screen reader is told about changes that happen beside the focus.

let message = $state('');
let flip = false;

export function announced(): string {
  return message;
}

/** Says a sentence politely. The same sentence twice is said twice. */
export function announce(text: string): void {
  flip = !flip;
  message = flip ? text : `${text}\u00a0`;
}
