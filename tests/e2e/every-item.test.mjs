// A form with every kind of item and every value type, filled in and sent in the real window. Once in each
// language; half of it is filled in before the program is killed, and is there again afterwards.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { content, everything } from "../lib/every-item.mjs";
import { scratch, startForger } from "../lib/processes.mjs";
import { choose, embeddedUrl, makeProfile, readLink, startKeyring, survey } from "../lib/support.mjs";
import { openWindow } from "../lib/window.mjs";

for (const language of ["en", "de"]) {
    test(`every item, ${language}`, async (t) => {
        await startKeyring(t);
        const data = `${scratch(t)}/data`;
        let window = await openWindow(data);
        t.after(() => window.close());
        await window.find("first-name", 30);
        await makeProfile(window, "Ada");
        await choose(window, { language, theme: "light" });

        const forged = await startForger(t, embeddedUrl(data));
        const file = await forged.file({ title: "Library card", filename: "card.pdf", mimetype: "application/pdf", text: "a card" });
        const groups = everything(language, file);
        await readLink(window, await forged(content(groups)));
        await window.click("code-open");
        await window.find("request-title", 60);
        await survey(window, "every-item-empty");

        const page = {
            click: (name) => window.click(name),
            clear: (name) => window.clear(name),
            // Tab leaves the field, as a person does: a list of suggestions closes.
            fill: async (name, text) => {
                await window.scrollTo(name);
                await window.type(name, text);
                await window.press("Tab");
            }
        };
        const answer = async (index) => {
            for (const [at, [, fill]] of groups[index].rows.entries()) if (fill) await fill(page, `${index}.${at}`);
        };

        // Half of it, then the program is gone, as in a crash: what was entered is there again.
        await answer(0);
        await window.find('=[data-testid="draft-kept"][data-kept="true"]');
        await answer(1);
        await sleep(1500);
        await window.kill();
        window = await openWindow(data);
        await window.find("nav-inbox", 60);
        await window.click("nav-inbox");
        await window.click('=[data-testid="inbox-open"] a');
        await window.find("draft-restored", 30);
        assert.equal(await window.run(`return document.querySelector('[data-testid="item-0.19-new-street"]').value`), "Ufergasse");
        assert.equal(await window.run(`return document.querySelector('[data-testid="item-1.4-new-value"]').dataset.value`), "DE");

        await answer(2);
        await answer(3);
        await window.run("document.querySelectorAll('.form, .columns, .preview').forEach((part) => part.scrollTo(0, 0))");
        await survey(window, "every-item-filled");
        for (const [index, { title }] of groups.entries()) {
            await window.scrollTo(`item-${index}.0`);
            await survey(window, `every-item-${index}-${title.split(" ")[0].toLowerCase()}`, [1280, 360]);
        }
        await window.scrollTo("item-2.5");
        await survey(window, "every-item-2-more", [1280]);
        await window.scrollTo("item-3.7");
        await survey(window, "every-item-3-more", [1280]);

        await window.click("request-accept");
        await window.find('=[data-testid="receipt"][data-accepted="true"]', 60);
        const outcomes = await window.run(
            `return Object.fromEntries([...document.querySelectorAll('[data-testid^="receipt-line-"]')].map((line) => [line.dataset.testid.slice(13), line.dataset.outcome]))`
        );
        for (const [index, { rows }] of groups.entries()) {
            for (const [at, [item, fill]] of rows.entries()) {
                assert.equal(outcomes[`${index}.${at}`], fill ? "accepted" : "rejected", JSON.stringify(item));
            }
        }
        await survey(window, "every-item-receipt");

        // What was entered is now among the person's own data.
        await window.click("nav-data");
        await window.find("attribute-BankAccount");
        await survey(window, "every-item-my-data");
        await window.type("data-search", "koln");
        await window.find('=[data-testid="data-count"][data-count="3"]');
        await window.clear("data-search");
        await window.type("data-search", "IBAN");
        await window.find('=[data-testid="data-count"][data-count="0"]');
        await window.clear("data-search");
        await window.type("data-search", language === "de" ? "Bankv" : "Bank acc");
        await window.find('=[data-testid="data-count"][data-count="1"]');
        await window.click("attribute-BankAccount");
        assert.match(await window.text("attribute-value"), /DE89370400440532013000/);
        await window.find('=[data-testid="attribute-holders"] li');
        await window.type("attribute-label", "salary");
        await window.click("attribute-label-save");
        await survey(window, "every-item-attribute", [1280, 360]);
        await window.click("attribute-delete");
        await window.find("delete-dialog");
        await survey(window, "every-item-delete", [1280]);
    });
}

test("an item that nobody knows", async (t) => {
    await startKeyring(t);
    const data = `${scratch(t)}/data`;
    const window = await openWindow(data);
    t.after(() => window.close());
    await window.find("first-name", 30);
    await makeProfile(window, "Ada");
    const forged = await startForger(t, embeddedUrl(data));
    const strange = { "@type": "FutureRequestItem", mustBeAccepted: false, wish: "everything" };
    await readLink(window, await forged(content([{ title: "Of the future", rows: [[strange]] }])));
    await window.click("code-open");
    await window.find("item-0.0", 60);
    await survey(window, "not-understood");
    assert.equal(await window.has("request-accept"), false, "it can't be answered");
    await window.click("dismiss");
    await window.find("dismiss-note");
    await window.click("nav-inbox");
    await window.find("inbox-empty", 20);
});
