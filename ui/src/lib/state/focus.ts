/** Longer than any screen should take to load. */
const PATIENCE = 10_000;

function isLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

/**
 * Brings the focus to the heading of a new screen, so that a screen reader says where one is. Does
 * nothing while something in the screen has the focus. While the screen loads its heading may not be
 * there yet: waits for it until the person does something. Returns how to stop waiting.
 */
export function focusHeading(screen: HTMLElement): () => void {
  const tryNow = (): boolean => {
    const heading = screen.querySelector<HTMLElement>('h1:not(.visually-hidden)');
    if (!heading) return false;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    return true;
  };

  if (screen.contains(document.activeElement) || tryNow()) return () => undefined;

  const observer = new MutationObserver(() => {
    if (!isLost() && !document.activeElement?.closest('nav')) stop();
    else if (tryNow()) stop();
  });
  const stop = (): void => {
    observer.disconnect();
    clearTimeout(timer);
    removeEventListener('keydown', stop, true);
    removeEventListener('pointerdown', stop, true);
  };
  const timer = setTimeout(stop, PATIENCE);
  observer.observe(screen, { childList: true, subtree: true });
  addEventListener('keydown', stop, true);
  addEventListener('pointerdown', stop, true);
  return stop;
}
