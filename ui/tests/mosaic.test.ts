import { describe, expect, test } from 'vitest';

import { COLOURS, mosaic, SIZE } from '../src/lib/mosaic';

const addresses = Array.from(
  { length: 200 },
  (_, n) => `did:e:localhost:dids:${(n * 7919).toString(16).padStart(20, '0')}`,
);

describe('the mark of an address', () => {
  test('is the same every time, in every version of the program', () => {
    const address = 'did:e:localhost:dids:c41f08be77ad9e6012d5';
    expect(mosaic(address)).toEqual(mosaic(address));
    const { colour, tiles } = mosaic(address);
    const drawing = tiles
      .map((tile) => `${tile.column}${tile.row}${tile.shape[0]}${tile.turn}${tile.tone}`)
      .join(' ');
    expect([colour, drawing]).toMatchSnapshot();
  });

  test('differs between addresses, in pattern even where the colour is the same', () => {
    const patterns = new Set(addresses.map((address) => JSON.stringify(mosaic(address).tiles)));
    expect(patterns.size).toBe(addresses.length);
    expect(new Set(addresses.map((address) => mosaic(address).colour)).size).toBe(COLOURS);
  });

  test('one changed character changes it', () => {
    expect(mosaic('did:e:localhost:dids:00000000000000000001')).not.toEqual(
      mosaic('did:e:localhost:dids:00000000000000000002'),
    );
  });

  test('is mirrored and stays in its five by five places', () => {
    for (const address of addresses) {
      const { tiles } = mosaic(address);
      const places = new Set(tiles.map((tile) => `${tile.column},${tile.row}`));
      expect(places.size).toBe(tiles.length);
      for (const tile of tiles) {
        expect(tile.column).toBeLessThan(SIZE);
        expect(tile.row).toBeLessThan(SIZE);
        expect(places.has(`${SIZE - 1 - tile.column},${tile.row}`)).toBe(true);
      }
    }
  });
});
