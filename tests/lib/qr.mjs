// Pictures of codes with any text of up to 106 bytes, for codes that the programs under test don't make.
import { execFileSync } from "node:child_process";

// Version 5, level L: 37 modules a side, 108 bytes of data and 26 of correction in one block, mask 0.
const SIDE = 37;
const DATA = 108;
const CORRECTION = 26;
const FORMAT = 0b111011111000100;

/** The bytes that correct `data`: the remainder of a division in the field of 256 elements. */
function correction(data) {
    const times = (a, b) => {
        let product = 0;
        for (let bit = 7; bit >= 0; bit--) product = (product << 1) ^ ((product >> 7) * 0x11d) ^ (((b >> bit) & 1) * a);
        return product;
    };
    let generator = [1];
    for (let i = 0, root = 1; i < CORRECTION; i++, root = times(root, 2)) {
        const next = [...generator, 0];
        generator.forEach((factor, at) => (next[at + 1] ^= times(factor, root)));
        generator = next;
    }
    const rest = [...data, ...Array(CORRECTION).fill(0)];
    for (let at = 0; at < data.length; at++) {
        const lead = rest[at];
        generator.forEach((factor, i) => (rest[at + i] ^= times(factor, lead)));
    }
    return rest.slice(data.length);
}

/** The dark modules of a code, row by row. */
function modules(bytes) {
    if (bytes.length > DATA - 2) throw new Error("the text is too long for this code");
    const bits = [0, 1, 0, 0];
    const push = (byte) => {
        for (let bit = 7; bit >= 0; bit--) bits.push((byte >> bit) & 1);
    };
    [bytes.length, ...bytes].forEach(push);
    for (let i = 0; i < 4; i++) bits.push(0);
    const data = [];
    for (let at = 0; at < bits.length; at += 8) data.push(parseInt(bits.slice(at, at + 8).join(""), 2));
    for (let pad = 0xec; data.length < DATA; pad ^= 0xec ^ 0x11) data.push(pad);
    const all = [...data, ...correction(data)];

    const dark = Array.from({ length: SIDE }, () => Array(SIDE).fill(null));
    const set = (x, y, is) => {
        if (x >= 0 && y >= 0 && x < SIDE && y < SIDE) dark[y][x] = Boolean(is);
    };
    const rings = (x, y, size, light) => {
        for (let dy = -size; dy <= size; dy++) {
            for (let dx = -size; dx <= size; dx++) set(x + dx, y + dy, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))));
        }
    };
    for (let i = 0; i < SIDE; i++) set(6, i, i % 2 === 0), set(i, 6, i % 2 === 0);
    for (const [x, y] of [[3, 3], [SIDE - 4, 3], [3, SIDE - 4]]) rings(x, y, 4, [2, 4]);
    rings(30, 30, 2, [1]);
    const format = (bit) => (FORMAT >> bit) & 1;
    for (let i = 0; i < 6; i++) set(8, i, format(i));
    set(8, 7, format(6)), set(8, 8, format(7)), set(7, 8, format(8));
    for (let i = 9; i < 15; i++) set(14 - i, 8, format(i));
    for (let i = 0; i < 8; i++) set(SIDE - 1 - i, 8, format(i));
    for (let i = 8; i < 15; i++) set(8, SIDE - 15 + i, format(i));
    set(8, SIDE - 8, true);

    let at = 0;
    for (let right = SIDE - 1; right >= 1; right -= 2) {
        if (right === 6) right = 5;
        const isUpward = ((right + 1) & 2) === 0;
        for (let step = 0; step < SIDE; step++) {
            const y = isUpward ? SIDE - 1 - step : step;
            for (const x of [right, right - 1]) {
                if (dark[y][x] !== null) continue;
                const bit = at < all.length * 8 ? (all[at >> 3] >> (7 - (at & 7))) & 1 : 0;
                at++;
                dark[y][x] = (bit === 1) !== ((x + y) % 2 === 0);
            }
        }
    }
    return dark;
}

/** A code as a PNG file's bytes; `scale` pixels for the side of a module. */
export function qr(text, scale = 6) {
    const rows = modules(Buffer.from(text));
    const quiet = Array(SIDE + 8).fill(0);
    const lines = [
        ...Array(4).fill(quiet),
        ...rows.map((row) => [0, 0, 0, 0, ...row.map(Number), 0, 0, 0, 0]),
        ...Array(4).fill(quiet)
    ];
    const picture = `P1\n${SIDE + 8} ${SIDE + 8}\n${lines.map((line) => line.join(" ")).join("\n")}\n`;
    return execFileSync("convert", ["pbm:-", "-filter", "point", "-resize", `${scale * 100}%`, "png:-"], { input: picture });
}
