// Which of the two windows that open from everywhere is open: finding, or the list of keys.

type Open = 'palette' | 'shortcuts' | null;

let open = $state<Open>(null);

export const palette = {
  get open(): Open {
    return open;
  },
  show: (what: Exclude<Open, null>): void => void (open = what),
  close: (): void => void (open = null),
};

const isTextField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input, textarea, select, [role="combobox"]'));

/** Ctrl K finds from everywhere, also out of a text; "?" lists the keys where it is no letter of a text. */
export function onPaletteKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey) return;
  const isCommand = event.ctrlKey || event.metaKey;
  if (isCommand && !event.shiftKey && event.key.toLowerCase() === 'k') {
    event.preventDefault();
    // A question that is open wants its answer first.
    if (open === 'palette') palette.close();
    else if (!document.querySelector('dialog[open]')) palette.show('palette');
  } else if (event.key === '?' && !isCommand && !isTextField(event.target)) {
    if (document.querySelector('dialog[open]')) return;
    event.preventDefault();
    palette.show('shortcuts');
  }
}
