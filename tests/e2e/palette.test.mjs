// Finding anything, by keyboard alone: the palette leads to a contact, what is written there is still there
// after a restart, and is found without the marks on its letters.
import assert from "node:assert/strict";
import { test } from "node:test";

import { meetLibrary } from "../lib/asking.mjs";
import { focus, pressOn, typeInto } from "../lib/keyboard.mjs";
import { eventually, scratch } from "../lib/processes.mjs";
import { makeProfile, startKeyring, survey } from "../lib/support.mjs";
import { openWindow } from "../lib/window.mjs";

const OPTIONS = "return [...document.querySelectorAll('[role=\"option\"]')].map((option) => option.dataset.testid)";
const MEANT = `
    const id = document.querySelector('[data-testid="palette-field"]').getAttribute("aria-activedescendant");
    return document.getElementById(id)?.dataset.testid ?? null;
`;

async function ask(window, text) {
    await window.press("Control+k");
    await window.find("palette-field");
    await eventually(async () => (await focus(window)).name, (name) => name === "palette-field");
    await window.press(...text);
}

test("the palette by keyboard", async (t) => {
    await startKeyring(t);
    const data = `${scratch(t)}/data`;
    let window = await openWindow(data, { LANG: "en_US.UTF-8", LANGUAGE: "en" });
    t.after(() => window.close());
    await window.find("first-name", 30);
    await makeProfile(window, "Ada");
    const { address } = await meetLibrary(t, window, data);

    // Esc gives the focus back to where it was.
    await window.click("nav-inbox");
    await eventually(async () => (await focus(window)).tag, (tag) => tag === "H1");
    const before = await focus(window);
    await ask(window, "");
    await survey(window, "palette", [1280, 320]);
    await window.press("Escape");
    await eventually(() => window.has("palette"), (is) => !is);
    assert.equal((await focus(window)).text, before.text);

    // "?" lists the keys.
    await window.press("?");
    await window.find("shortcut-list");
    await window.press("Escape");
    await eventually(() => window.has("shortcuts"), (is) => !is);

    // A command, and from there a contact.
    await ask(window, "my data");
    await eventually(() => window.run(MEANT), (meant) => meant === "palette-data");
    await window.press("Enter");
    await window.find("data-search");
    await ask(window, address.split(":").at(-1).slice(0, 8));
    await eventually(() => window.run(MEANT), (meant) => meant === `palette-contact-${address}`);
    await window.press("Enter");
    await window.find("contact-title");

    // What one writes down for oneself.
    await typeInto(window, "contact-title", "Frau Müller");
    await typeInto(window, "contact-notes", "Opens at nine.");
    await pressOn(window, "contact-note-save");
    await window.reads("peer-name", /Frau Müller/);
    await survey(window, "contact-note", [1280, 320]);

    await window.close();
    window = await openWindow(data, { LANG: "en_US.UTF-8", LANGUAGE: "en" });
    await window.find("nav-scan", 60);
    for (const text of ["Muller", "opens nine"]) {
        await ask(window, text);
        await eventually(() => window.run(MEANT), (meant) => meant === `palette-contact-${address}`);
        if (text !== "Muller") break;
        await survey(window, "palette-found", [1280, 320]);
        await window.press("Escape");
        await eventually(() => window.has("palette"), (is) => !is);
    }
    assert.equal((await window.run(OPTIONS))[0], `palette-contact-${address}`);
    await window.press("Enter");
    await window.reads("peer-name", /Frau Müller/);
    assert.equal(await window.run(`return document.querySelector('[data-testid="contact-notes"]').value`), "Opens at nine.");

    // Nothing fits what nobody wrote.
    await ask(window, "zzzz");
    await window.reads("palette-count", /Nothing fits/);
});
