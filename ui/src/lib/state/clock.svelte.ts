// The time as the screens see it: "two minutes ago" moves on by itself.

let now = $state(Date.now());
setInterval(() => (now = Date.now()), 20_000);

export function currentTime(): number {
  return now;
}
