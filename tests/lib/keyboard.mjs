// A person with nothing but a keyboard: goes from stop to stop, and sees where the focus is at each.
import assert from "node:assert/strict";

/** Where the focus is, and whether a person sees it there. */
const LOOK = `
    const element = document.activeElement;
    const name = element?.dataset?.testid ?? null;
    if (!element || element === document.body) return { name, tag: "body" };
    const box = element.getBoundingClientRect();
    // A field under something drawn (a PIN under its boxes, a file under its button): that shows the focus.
    let marked = null;
    // One that is only there for the keys and the ears is drawn as its label.
    const drawnAs = (box.width <= 1 && element.labels?.[0]) || element;
    for (let at = drawnAs, up = 0; at && up < 4 && !marked; at = at.parentElement, up++) {
        const style = getComputedStyle(at);
        const drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
        if (drawn) marked = at;
    }
    const area = (marked ?? element).getBoundingClientRect();
    const inset = 3;
    const left = Math.max(area.left, 0) + inset, right = Math.min(area.right, innerWidth) - inset;
    const top = Math.max(area.top, 0) + inset, bottom = Math.min(area.bottom, innerHeight) - inset;
    const points = [[(left + right) / 2, (top + bottom) / 2], [left, top], [right, top], [left, bottom], [right, bottom]];
    const seen = points.filter(([x, y]) => {
        const hit = document.elementFromPoint(x, y);
        return hit && ((marked ?? element).contains(hit) || hit.contains(element) && hit.closest("label") === hit);
    }).length;
    return { name, tag: element.tagName, text: element.textContent.trim().slice(0, 40), marked: marked !== null, seen, box: [box.x, box.y, box.width, box.height] };
`;

/** Where the focus is. */
export const focus = (window) => window.run(LOOK);

/** Presses Tab until the focus is on `name`; every stop on the way shows that it has the focus. */
export async function tabTo(window, name, { most = 60, key = "Tab" } = {}) {
    await window.find(name);
    const stops = [];
    for (let presses = 0; presses <= most; presses++) {
        const at = await focus(window);
        if (presses > 0 && at.tag !== "body") {
            assert.ok(at.marked, `the focus shows on ${JSON.stringify(at)}`);
            assert.ok(at.seen > 0, `nothing covers the focus on ${JSON.stringify(at)}`);
        }
        if (at.name === name) return presses;
        stops.push(at.name ?? at.text ?? at.tag);
        await window.press(key);
    }
    throw new Error(`${most} times ${key} do not lead to ${name}, but to: ${stops.join(", ")}`);
}

/** Goes there and presses a key. */
export async function pressOn(window, name, key = "Enter", options) {
    await tabTo(window, name, options);
    await window.press(key);
}

/** Goes to a field and types. */
export async function typeInto(window, name, text, options) {
    await tabTo(window, name, options);
    await window.press(...text);
    assert.equal(await window.run("return document.activeElement.value"), text);
}
