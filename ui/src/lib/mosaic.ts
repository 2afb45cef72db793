// The mark of an address: the same address always gives the same picture, in colour and in pattern.
// It helps to recognise, it proves nothing; the address itself is always beside it as text.

export type Tile = {
  column: number;
  row: number;
  shape: 'full' | 'half' | 'arc' | 'dot' | 'diamond';
  turn: number;
  tone: 0 | 1;
};
export type Mosaic = { colour: number; tiles: Tile[] };

export const SIZE = 5;
export const COLOURS = 8;
const SHAPES = ['full', 'half', 'arc', 'dot', 'diamond'] as const;
const MASK = (1n << 64n) - 1n;

/** FNV-1a over the UTF-16 code units: spreads short texts well enough for pictures. */
function seed(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++) {
    hash = ((hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n) & MASK;
  }
  return hash;
}

/** SplitMix64: a stream of numbers from one seed. */
function* stream(from: bigint): Generator<number, never> {
  let state = from;
  for (;;) {
    state = (state + 0x9e3779b97f4a7c15n) & MASK;
    let z = state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
    yield Number((z ^ (z >> 31n)) & 0xffffffffn);
  }
}

/** The picture of a text, mirrored left to right so that it is easy to remember. */
export function mosaic(text: string): Mosaic {
  const numbers = stream(seed(text));
  const next = (below: number): number => numbers.next().value % below;
  const colour = next(COLOURS);
  const tiles: Tile[] = [];
  for (let row = 0; row < SIZE; row++) {
    for (let column = 0; column < 3; column++) {
      if (next(10) < 3) continue;
      const shape = SHAPES[next(SHAPES.length)] ?? 'full';
      const turn = next(4);
      const tone = next(3) === 0 ? 1 : 0;
      tiles.push({ column, row, shape, turn, tone });
      // Mirrored: quarter turns 0↔1 and 3↔2 change places.
      if (column < 2)
        tiles.push({ column: SIZE - 1 - column, row, shape, turn: [1, 0, 3, 2][turn] ?? 0, tone });
    }
  }
  return { colour, tiles };
}

/** The outline of a tile in a square of 10 units, before it is turned. */
export const OUTLINES: Record<Tile['shape'], string> = {
  full: 'M0 0H10V10H0Z',
  half: 'M0 0H10L0 10Z',
  arc: 'M0 0H10A10 10 0 0 1 0 10Z',
  dot: 'M5 1A4 4 0 1 1 4.99 1Z',
  diamond: 'M5 0L10 5L5 10L0 5Z',
};
