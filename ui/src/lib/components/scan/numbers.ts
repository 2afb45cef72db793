/** How long another digit may follow. */
const PAUSE = 700;

/**
 * Numbers typed with digits, where there are `count()` to choose from: one is chosen at once when no
 * further digit could follow, else after a pause.
 */
export function typedNumbers(
  count: () => number,
  choose: (number: number) => void,
): (key: string) => boolean {
  let typed = '';
  let timer: ReturnType<typeof setTimeout> | undefined;

  function settle(): void {
    const number = Number(typed);
    typed = '';
    if (number >= 1 && number <= count()) choose(number);
  }

  return (key) => {
    if (!/^[0-9]$/.test(key)) return false;
    clearTimeout(timer);
    typed += key;
    if (Number(typed) === 0 || Number(typed) * 10 > count()) settle();
    else timer = setTimeout(settle, PAUSE);
    return true;
  };
}
