import type { Attachment } from 'svelte/attachments';

/** Lets the keyboard reach a region while there is more in it than can be seen. */
export function reachable(): Attachment<HTMLElement> {
  return (element) => {
    const measure = (): void => {
      if (element.scrollHeight > element.clientHeight + 1) element.tabIndex = 0;
      else element.removeAttribute('tabindex');
    };
    measure();
    if (typeof ResizeObserver === 'undefined') return;
    // What is inside grows without the region growing.
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    return () => observer.disconnect();
  };
}
