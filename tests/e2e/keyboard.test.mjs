// The main job with the keyboard alone: no pointer, no script that fills anything in. At every stop the
// focus can be seen.
import assert from "node:assert/strict";
import { test } from "node:test";

import { eventually, scratch } from "../lib/processes.mjs";
import { focus, pressOn, tabTo, typeInto } from "../lib/keyboard.mjs";
import { startKeyring } from "../lib/support.mjs";
import { openWindow } from "../lib/window.mjs";

const ADDRESS = { recipient: "Ada Lovelace", street: "Ufergasse", houseNo: "12a", zipCode: "12345", city: "Musterstadt" };

test("the main job by keyboard", async (t) => {
    await startKeyring(t);
    const window = await openWindow(scratch(t), { LANG: "en_US.UTF-8", LANGUAGE: "en" });
    t.after(() => window.close());

    await window.find("first-name", 30);
    await typeInto(window, "first-name", "Ada");
    await window.press("Enter");
    await window.find("nav-scan", 60);

    // A phone number of one's own, to choose later.
    await pressOn(window, "nav-data");
    await pressOn(window, "data-add");
    await pressOn(window, "add-PhoneNumber", "Enter");
    await typeInto(window, "value-value", "+49 221 12345");
    await window.press("Enter");
    await window.find("attribute-PhoneNumber");

    // What somebody copied out of a mail, typed here.
    await pressOn(window, "nav-organisations");
    await window.find("organisation-townhall", 60);
    const { link, pin } = await window.run(`
        const card = document.querySelector('[data-testid="organisation-townhall"]');
        const text = (name) => card.querySelector('[data-testid="' + name + '"]').textContent.trim();
        return { link: text("organisation-link"), pin: text("organisation-pin") };
    `);
    await pressOn(window, "nav-scan");
    await typeInto(window, "scan-text", link);
    await window.press("Enter");

    // The PIN sends itself when it is full.
    await window.find("pin-input");
    await typeInto(window, "pin-input", pin);
    await window.find("request-title", 20);

    // Accepting leads to the first gap, and the focus goes there.
    await pressOn(window, "request-accept");
    await window.find("gap-summary");
    const gap = await window.run("return document.activeElement.closest('article')?.id ?? null");
    assert.equal(gap, "item-0");

    for (const [part, text] of Object.entries(ADDRESS)) await typeInto(window, `item-0-new-${part}`, text);
    await tabTo(window, "item-0-new-country");
    await window.press(..."Germany");
    assert.equal(await window.run("return document.activeElement.dataset.value"), "DE");
    await typeInto(window, "item-1-new-date", "12/10/1985");
    await pressOn(window, "item-2-tick", "Space");
    await tabTo(window, "item-2-candidate-0");
    await pressOn(window, "item-3-confirm", "Space");
    assert.equal(await window.run("return document.activeElement.getAttribute('aria-pressed')"), "true");
    await pressOn(window, "request-accept");

    await window.find('=[data-testid="receipt"][data-accepted="true"]', 20);
    await pressOn(window, "receipt-contact");
    await window.find('=[data-testid="relationship-status"][data-status="Pending"]', 30);

    // A dialog: Esc closes it and brings the focus back; inside, Tab does not leave it.
    await pressOn(window, "contact-revoke");
    await window.find("revoke-dialog");
    for (let i = 0; i < 4; i++) {
        await window.press("Tab");
        assert.notEqual((await focus(window)).name?.startsWith("nav-"), true, "the page behind is out of reach");
    }
    await window.press("Escape");
    await eventually(() => window.has("revoke-dialog"), (is) => !is);
    assert.equal((await focus(window)).name, "contact-revoke");
    await window.press("Enter");
    await pressOn(window, "revoke-confirm");
    await window.find('=[data-testid="relationship-status"][data-status="Revoked"]', 30);

    // And backwards out of the page.
    await tabTo(window, "nav-scan", { key: "Shift+Tab" });
});
