// Asking a contact for everything that can be asked, in the real window; the other side is a wallet on the
// command line, which answers. Then something is asked back, a request is rejected, and the contact is
// ended, taken up again, and deleted.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { ANSWERS, GROUP_AT, KINDS, meetLibrary, synchronise, waiting } from "../lib/asking.mjs";
import { focus, pressOn } from "../lib/keyboard.mjs";
import { eventually, scratch } from "../lib/processes.mjs";
import { choose, makeProfile, startKeyring, survey } from "../lib/support.mjs";
import { openWindow } from "../lib/window.mjs";

/** Gives a file field a file, as choosing one does. */
const giveFile = (window, name) =>
    window.run(
        `const transfer = new DataTransfer();
         transfer.items.add(new File(["A library card"], "card.txt", { type: "text/plain" }));
         const field = document.querySelector('[data-testid="' + arguments[0] + '"]');
         field.files = transfer.files;
         field.dispatchEvent(new Event("change", { bubbles: true }));`,
        name
    );

for (const language of ["en", "de"]) {
    test(`asking a contact, ${language}`, async (t) => {
        await startKeyring(t);
        const data = `${scratch(t)}/data`;
        let window = await openWindow(data);
        t.after(() => window.close());
        await window.find("first-name", 30);
        await makeProfile(window, "Ada");
        await choose(window, { language, theme: "light" });

        // Something of one's own to share.
        await window.click("nav-data");
        await window.click("data-add");
        await window.click("add-Surname");
        await window.type("value-value", "Lovelace");
        await window.click("data-save");
        await window.find("attribute-value");
        // The same once more: it is there already.
        await window.click("nav-data");
        await window.click("data-add");
        await window.click("add-Surname");
        await window.type("value-value", "Lovelace");
        await window.click("data-save");
        await window.find("data-duplicate");
        await survey(window, "duplicate", [1280]);
        await window.click("data-duplicate-use");
        await window.find("attribute-value");

        const { tessera, address, relationship } = await meetLibrary(t, window, data);
        await survey(window, "contact-active", [1280, 360]);

        await window.click("contact-ask");
        await window.find("ask-title", 30);
        await survey(window, "ask-empty", [1280, 360]);
        const page = {
            click: async (name) => window.click(name),
            find: async (name) => window.find(name),
            fill: async (name, text) => {
                await window.scrollTo(name);
                await window.type(name, text);
                await window.press("Tab");
            },
            file: async (name) => {
                await window.find(name);
                await giveFile(window, name);
                await window.find(`=[data-testid="${name}-drop"] .name`, 30);
            }
        };
        for (const [at, [kind, write]] of KINDS.entries()) {
            if (at === GROUP_AT) {
                await window.scrollTo("ask-add-group");
                await window.click("ask-add-group");
                await page.fill("ask-group-0-title", language === "de" ? "Zum Schluss" : "Last of all");
            }
            await window.scrollTo(`ask-add-${kind}`);
            await window.click(`ask-add-${kind}`);
            await window.find(`=[data-testid="ask-${at}"][data-kind="${kind}"]`);
            await write(page, at);
        }
        await page.fill("ask-frame-title", language === "de" ? "Alles auf einmal" : "Everything at once");
        await window.scrollTo("ask-expiry-in7");
        await window.click("ask-expiry-in7");
        await window.find('=[data-testid="ask-state"][data-ready="true"]', 30);
        await window.run("document.querySelectorAll('.form, .columns, .preview-pane').forEach((part) => part.scrollTo(0, 0))");
        await survey(window, "ask-filled", [1280, 360]);
        await window.scrollTo("ask-7");
        await survey(window, "ask-filled-more", [1280]);
        await window.run(`document.querySelector('[data-testid="ask-3-more"]').open = true`);
        await window.scrollTo("ask-3");
        await survey(window, "ask-third-party", [1280]);
        await window.scrollTo("ask-group-0");
        await survey(window, "ask-group", [1280, 360]);

        // What was written is there again after the program was killed.
        await window.find('=[data-testid="ask-kept"][data-kept="true"]');
        await new Promise((done) => setTimeout(done, 1200));
        await window.kill();
        window = await openWindow(data);
        await window.find("nav-inbox", 60);
        await window.click("nav-contacts");
        await window.click(`contact-${address}`);
        await window.click("contact-ask", 30);
        await window.find("ask-restored", 30);
        await window.find('=[data-testid="ask-state"][data-ready="true"]', 30);
        await window.click("ask-send");
        await window.find('=[data-testid="sent-page"][data-state="waiting"]', 60);
        await survey(window, "sent-waiting", [1280, 360]);

        const asked = await waiting(tessera);
        await tessera("request", "accept", asked.id, "--decision", { items: ANSWERS });
        await synchronise(window);
        await window.find('=[data-testid="sent-page"][data-state="answered"]', 60);
        for (const [at, [kind, , answer, said]] of KINDS.entries()) {
            const place = at < GROUP_AT ? at : `${GROUP_AT}.${at - GROUP_AT}`;
            const line = `=[data-testid="sent-line-${place}"][data-outcome="${answer.accept ? "accepted" : "rejected"}"]`;
            const text = await window.text(line);
            if (said && kind !== "file") assert.match(text, said, kind);
            assert.ok((await window.text(`sent-answer-${place}`)).length > 0, kind);
        }
        await survey(window, "sent-answered", [1280, 360]);

        // It stands in the inbox and on the contact's page, and what they gave is there.
        await window.click("nav-inbox");
        await window.find(`sent-${asked.id}`);
        await survey(window, "inbox-sent", [1280, 360]);
        await window.click("nav-contacts");
        await window.click(`contact-${address}`);
        assert.match(await window.text("contact-received"), /Livia[^]*|R-17/);
        await window.find('=[data-testid="contact-given"] [data-confidentiality="protected"]');
        await survey(window, "contact-exchanged", [1280, 360]);

        // "Please delete my old address."
        await window.find('=[data-testid="contact-sent"] a');
        await window.scrollTo("ask-back-EMailAddress");
        await window.click("ask-back-EMailAddress");
        await window.find('=[data-testid="ask-state"][data-ready="true"]', 30);
        await window.click("ask-send");
        await window.find('=[data-testid="sent-page"][data-state="waiting"]', 60);
        const deletion = await waiting(tessera);
        const day = new Date(Date.now() + 3 * 86_400_000).toISOString();
        await tessera("request", "accept", deletion.id, "--decision", { items: [{ accept: true, deletionDate: day }] });
        await synchronise(window);
        await window.find('=[data-testid="sent-page"][data-state="answered"]', 60);
        await survey(window, "sent-deletion", [1280]);
        await window.click("nav-contacts");
        await window.click(`contact-${address}`);
        await window.find('=[data-testid="contact-given"] [data-deletion="ToBeDeletedByRecipient"]');
        assert.equal(await window.has("ask-back-EMailAddress"), false);

        // Once more, rejected.
        await window.click("contact-ask");
        await window.find("ask-title", 30);
        await window.click("ask-add-consent");
        await page.fill("ask-0-consent", "I may use your reading room at night.");
        await window.click("ask-send");
        await window.find('=[data-testid="sent-page"][data-state="waiting"]', 60);
        await tessera("request", "reject", (await waiting(tessera)).id);
        await synchronise(window);
        await window.find('=[data-testid="sent-page"][data-state="rejected"]', 60);

        // What they gave can be deleted here.
        await window.click("nav-contacts");
        await window.click(`contact-${address}`);
        // The page stands still once everything on it is there.
        await window.find('=[data-testid="contact-given"] dt');
        await window.find('=[data-testid="contact-sent"] a');
        await window.scrollTo("received-delete-GivenName");
        await window.click("received-delete-GivenName");
        await window.find("delete-dialog");
        await survey(window, "received-delete", [1280]);
        await window.click("delete-confirm");
        await eventually(() => window.has("received-delete-GivenName"), (is) => !is);

        // Ended, taken up again, ended, deleted.
        const standing = async (status) => window.find(`=[data-testid="contact-page"] [data-testid="relationship-status"][data-status="${status}"]`, 30);
        await window.run("document.querySelector('.detail-pane')?.scrollTo(0, 0)");
        await window.click("contact-terminate");
        await window.find("terminate-dialog");
        await survey(window, "terminate", [1280]);
        await window.click("terminate-confirm");
        await standing("Terminated");
        assert.equal(await window.has("contact-ask"), false);
        await survey(window, "contact-ended", [1280, 360]);
        await window.click("contact-requestReactivation");
        await window.find("reactivation");
        await tessera("sync");
        await tessera("relationship", "reactivate", relationship, "accept");
        await synchronise(window);
        await standing("Active");
        await tessera("relationship", "terminate", relationship);
        await synchronise(window);
        await standing("Terminated");
        await tessera("relationship", "reactivate", relationship);
        await synchronise(window);
        await window.find("contact-acceptReactivation", 30);
        await survey(window, "contact-reactivation", [1280]);
        await window.click("contact-rejectReactivation");
        await eventually(() => window.has("contact-acceptReactivation"), (is) => !is);
        await window.click("contact-decompose");
        await window.find("decompose-dialog");
        await survey(window, "decompose", [1280]);
        await window.click("decompose-confirm");
        await eventually(() => window.has(`contact-${address}`), (is) => !is);
    });
}

test("asking by keyboard", async (t) => {
    await startKeyring(t);
    const data = `${scratch(t)}/data`;
    const window = await openWindow(data);
    t.after(() => window.close());
    await window.find("first-name", 30);
    await makeProfile(window, "Ada");
    const { tessera } = await meetLibrary(t, window, data);

    await pressOn(window, "contact-ask");
    await window.find("ask-title", 30);
    await pressOn(window, "ask-add-authentication");
    await window.find("ask-0-title");
    assert.equal((await focus(window)).name, "ask-0-title");
    await window.press(..."Open the door");
    await pressOn(window, "ask-0-required", "Space");
    await pressOn(window, "ask-add-readIdentity");
    await window.find("ask-1-valueType");
    assert.equal((await focus(window)).name, "ask-1-valueType");
    // Nothing is sent while something is missing, and the focus goes there.
    await pressOn(window, "ask-send", "Enter", { most: 80 });
    await window.find("ask-1-valueType-problem");
    assert.equal((await focus(window)).name, "ask-1-valueType");
    await window.press(..."GivenName");
    await pressOn(window, "ask-1-remove", "Enter", { most: 80, key: "Shift+Tab" });
    await pressOn(window, "ask-send", "Enter", { most: 80 });
    await window.find('=[data-testid="sent-page"][data-state="waiting"]', 60);
    await tessera("request", "accept", (await waiting(tessera)).id);
    await pressOn(window, "sync-now", "Enter", { most: 80 });
    await window.find('=[data-testid="sent-page"][data-state="answered"]', 60);
});

test("a file is given and saved", async (t) => {
    await startKeyring(t);
    const home = scratch(t);
    const window = await openWindow(`${home}/data`);
    t.after(() => window.close());
    await window.find("first-name", 30);
    await makeProfile(window, "Ada");
    await window.click("nav-data");
    await window.click("data-add");
    await window.click("add-IdentityFileReference");
    await window.find("value-value-file");
    await survey(window, "file-empty", [1280, 360]);
    await giveFile(window, "value-value-file");
    await window.find('=[data-testid="value-value-file-drop"] .name', 30);
    await survey(window, "file-chosen", [1280]);
    await window.click("data-save");
    await window.find("attribute-file-save", 30);
    await survey(window, "file-stored", [1280, 360]);
    // The page names it by its id; the reference, which holds its key, is not told to it.
    const told = await window.runAsync(
        `const done = arguments[arguments.length - 1];
         window.__TAURI_INTERNALS__.invoke("attributes").then((all) => done(JSON.stringify(all)), (error) => done(String(error)));`
    );
    assert.match(told, /"value":"FIL[A-Za-z0-9]{17}"/);
    assert.doesNotMatch(told, /RklM/);
    await window.click("attribute-file-save");
    const saved = (await window.text("attribute-file-saved")).match(/\/\S+card\.txt/)?.[0];
    assert.ok(saved && existsSync(saved), saved);
    assert.equal(readFileSync(saved, "utf8"), "A library card");

    // It is in the list of files, as is one that is uploaded there, and can be looked at.
    await window.click("nav-data");
    await window.click("data-files");
    await window.find("files", 30);
    await giveFile(window, "files-upload");
    await window.find('=[data-testid="files"] li:nth-child(2)', 30);
    await survey(window, "files", [1280, 320]);
    await window.click('=[data-testid="files"] a');
    await window.click("file-show", 30);
    await window.reads("file-text", /^A library card$/, 30);
    await survey(window, "file-page", [1280, 320]);
    assert.doesNotMatch(await window.run("return document.documentElement.outerHTML"), /RklM/);
});
