// The main job in the real window, as a newcomer does it: first start, a code from a picture, PIN,
// form, accept, Pending, Active, and all of it still there after a restart. Once in each language.
import assert from "node:assert/strict";
import { test } from "node:test";

import { scratch } from "../lib/processes.mjs";
import { choose, chooseFile, makeProfile, organisation, pictureOfCode, startKeyring, survey } from "../lib/support.mjs";
import { openWindow } from "../lib/window.mjs";

const ADDRESS = { recipient: "Ada Lovelace", street: "Ufergasse", houseNo: "12a", zipCode: "12345", city: "Köln", country: "DE" };
const WORDS = {
    en: { pending: /Pending|Waiting/i, active: /Active|Connected/i },
    de: { pending: /Wart|Ausstehend/i, active: /Aktiv|Verbunden/i }
};

for (const language of ["en", "de"]) {
    test(`main job, ${language}`, async (t) => {
        await startKeyring(t);
        const folder = scratch(t);
        let window = await openWindow(folder);
        t.after(() => window.close());

        await window.find("first-name", 30);
        await setLanguageAtFirstStart(window, language);
        await survey(window, "first-start");
        await makeProfile(window, "Ada");
        await choose(window, { language, theme: "light" });
        await survey(window, "settings");

        // The organisations page, and the picture of a code from it.
        const png = await pictureOfCode(window, "townhall");
        await survey(window, "organisations");
        const pin = await window.text(await organisation(window, "townhall", "organisation-pin"));

        await window.click("nav-scan");
        await survey(window, "scan");
        await chooseFile(window, png);
        await window.find("pin-input");
        await survey(window, "pin");

        // Wrong twice: the second time it says what else it could be.
        for (const wrong of ["000000", "111111"]) {
            await window.type("pin-input", wrong);
            await window.find(`=[data-testid="wrong-password"]`, 20);
            await window.run("document.querySelector('[data-testid=pin-input]').select()");
        }
        await window.find("wrong-causes");
        await survey(window, "pin-wrong");
        await window.type("pin-input", pin);

        // Accepting with gaps leads to the first gap instead of doing anything.
        await window.find("request-title", 20);
        await window.click("request-accept");
        await window.find("gap-summary");
        await survey(window, "request-with-gaps");

        for (const [part, text] of Object.entries(ADDRESS)) await fill(window, `item-0-new-${part}`, text);
        await fill(window, "item-1-new-date", language === "de" ? "10.12.1985" : "12/10/1985");
        await window.click("item-3-confirm");
        await survey(window, "request");
        await window.click("request-accept");

        await window.find("receipt", 20);
        await survey(window, "receipt");
        await window.click("receipt-contact");
        const pending = await window.reads("relationship-status", WORDS[language].pending, 30);
        assert.ok(pending);
        await survey(window, "contact-pending");

        await window.click(await organisation(window, "townhall", "organisation-accept"), 30);
        await window.click("nav-contacts");
        await window.click('=[data-testid="contacts"] a');
        await window.reads("relationship-status", WORDS[language].active, 30);
        await survey(window, "contact-active");
        const history = await window.text("timeline");

        await window.click("nav-data");
        await window.find("attribute-StreetAddress");
        await survey(window, "my-data");

        // The same after closing and opening.
        await window.close();
        window = await openWindow(folder);
        await window.find("nav-scan", 30);
        assert.equal(await window.run("return document.documentElement.lang"), language);
        await window.click("nav-contacts");
        await window.click('=[data-testid="contacts"] a');
        await window.reads("relationship-status", WORDS[language].active);
        assert.equal((await window.text("timeline")).split("\n").length, history.split("\n").length);
        await window.click("nav-data");
        await window.click("attribute-StreetAddress");
        assert.match(await window.text("attribute-value"), /Ufergasse/);
        await survey(window, "attribute");
    });
}

async function setLanguageAtFirstStart(window, language) {
    await window.run(
        `const select = document.querySelector('[data-testid="language"]');
         select.value = arguments[0];
         select.dispatchEvent(new Event("change", { bubbles: true }));`,
        language
    );
    for (let tries = 0; tries < 100; tries++) {
        if ((await window.run("return document.documentElement.lang")) === language) return;
        await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error(`the page does not turn ${language}`);
}

/** Fills a field or chooses an option. */
async function fill(window, name, text) {
    const kind = await window.run(`return document.querySelector('[data-testid="${name}"]')?.tagName`);
    if (kind === "SELECT") {
        await window.run(
            `const select = document.querySelector('[data-testid="${name}"]');
             select.value = arguments[0];
             select.dispatchEvent(new Event("input", { bubbles: true }));
             select.dispatchEvent(new Event("change", { bubbles: true }));`,
            text
        );
    } else {
        await window.type(name, text);
    }
}
