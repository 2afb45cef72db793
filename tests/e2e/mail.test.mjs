// Writing to a contact and reading what it writes, in the real window and with the keyboard alone; the
// other side is a wallet on the command line. Attached files go both ways, what was begun outlives a
// crash, and a Request that comes in a message is found from it.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { meetLibrary, synchronise } from "../lib/asking.mjs";
import { pressOn, tabTo, typeInto } from "../lib/keyboard.mjs";
import { eventually, scratch } from "../lib/processes.mjs";
import { choose, makeProfile, startKeyring, survey } from "../lib/support.mjs";
import { openWindow } from "../lib/window.mjs";

/** A red picture of 8 by 8 pixels. */
const RED = "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR4nGM4wcWFFTEMLQkArYM3AbaRByUAAAAASUVORK5CYII=";

/** Gives a file field a file, as choosing one in the system's dialog does. */
const giveFile = (window, name) =>
    window.run(
        `const transfer = new DataTransfer();
         transfer.items.add(new File(["A list of books"], "books.txt", { type: "text/plain" }));
         const field = document.querySelector('[data-testid="' + arguments[0] + '"]');
         field.files = transfer.files;
         field.dispatchEvent(new Event("change", { bubbles: true }));`,
        name
    );

const FAR = { most: 120 };

for (const language of ["en", "de"]) {
    test(`messages by keyboard, ${language}`, async (t) => {
        await startKeyring(t);
        const folder = scratch(t);
        const data = join(folder, "data");
        // Where files are saved to.
        const environment = { HOME: folder, XDG_DOWNLOAD_DIR: join(folder, "Downloads") };
        let window = await openWindow(data, environment);
        t.after(() => window.close());
        await window.find("first-name", 30);
        await makeProfile(window, "Ada");
        await choose(window, { language, theme: "light" });
        await window.click("nav-messages");
        await window.find("mail-empty");
        await survey(window, "messages-empty", [1280, 320]);
        const { tessera, address } = await meetLibrary(t, window, data);
        const me = (await tessera("relationship", "list"))[0].peer;

        // A mail with a file.
        await pressOn(window, "nav-messages", "Enter", FAR);
        await pressOn(window, "mail-write", "Enter", FAR);
        await tabTo(window, "mail-to", FAR);
        // The library told no name, so it is found by its address.
        await window.press(..."did:e", "ArrowDown", "Enter");
        await window.find("mail-to-chosen");
        await typeInto(window, "mail-subject", "Opening hours");
        await typeInto(window, "mail-body", "Are you open on Sunday?");
        await tabTo(window, "mail-attach");
        await giveFile(window, "mail-attach");
        await window.find("mail-attached", 30);
        await window.find('=[data-testid="mail-kept"][data-kept="true"]');
        await survey(window, "mail-writing", [1280, 320]);

        // It is there again after the program was killed.
        await new Promise((done) => setTimeout(done, 1200));
        await window.kill();
        window = await openWindow(data, environment);
        await window.find("nav-inbox", 60);
        await pressOn(window, "nav-messages", "Enter", FAR);
        await window.find("mail-drafts");
        await pressOn(window, "draft-1", "Enter", FAR);
        await window.find("mail-attached");
        assert.equal(await window.run(`return document.querySelector('[data-testid="mail-body"]').value`), "Are you open on Sunday?");
        await pressOn(window, "mail-send", "Enter", FAR);
        await window.find('=[data-testid="message-page"] [data-testid="message-state"][data-state="sent"]', 60);
        await survey(window, "message-sent", [1280, 320]);

        const sent = await eventually(
            async () => {
                await tessera("sync");
                return (await tessera("message", "list", "--with", me)).find((it) => it.content["@type"] === "Mail");
            },
            (it) => it
        );
        assert.equal(sent.content.body, "Are you open on Sunday?");
        const out = join(folder, "out.txt");
        await tessera("message", "save", sent.id, sent.attachments[0], "--out", out);
        assert.equal(readFileSync(out, "utf8"), "A list of books");

        // The answer, with a picture and a text.
        const upload = async (name, type, bytes) => {
            const path = join(folder, name);
            writeFileSync(path, bytes);
            return (await tessera("file", "upload", path, "--mimetype", type)).id;
        };
        const picture = await upload("plan.png", "image/png", Buffer.from(RED, "base64"));
        const text = await upload("hours.txt", "text/plain", "Closed <b>on Sunday</b>");
        const answer = { "@type": "Mail", to: [me], cc: [], subject: "Re: Opening hours", body: "See the <b>plan</b>.", bodyFormat: "Markdown" };
        await tessera("message", "send", "--to", me, "--content", answer, "--attach", picture, "--attach", text);
        await synchronise(window);
        await window.find("nav-unread", 30);
        await pressOn(window, "nav-messages", "Enter", FAR);
        const row = `=[data-testid="messages"] a.unread`;
        await window.find(row, 30);
        await survey(window, "messages-unread", [1280, 320]);
        const name = await window.run(`return document.querySelector('[data-testid="messages"] a.unread').dataset.testid`);
        await pressOn(window, name, "Enter", FAR);
        await window.reads("message-body", /See the <b>plan<\/b>/, 30);
        await window.find(`attachment-${picture}-show`, 30);
        await pressOn(window, `attachment-${picture}-show`, "Enter", FAR);
        await window.find(`attachment-${picture}-picture`, 30);
        await pressOn(window, `attachment-${text}-show`, "Enter", FAR);
        await window.reads(`attachment-${text}`, /Closed <b>on Sunday<\/b>/, 30);
        await pressOn(window, `attachment-${text}-save`, "Enter", FAR);
        await window.find(`attachment-${text}-saved`, 30);
        await survey(window, "message-read", [1280, 320]);
        assert.ok(!(await window.has("nav-unread")));
        // No reference to a file is on the page: it would hold the key. They all begin with "FIL" in base64.
        assert.ok(!(await window.run("return document.documentElement.outerHTML")).includes("RklM"));

        // The reply quotes what it answers.
        await pressOn(window, "message-reply", "Enter", FAR);
        await window.find("mail-to-chosen", 30);
        assert.match(await window.run(`return document.querySelector('[data-testid="mail-body"]').value`), /\n> See the <b>plan<\/b>\.$/);
        await tabTo(window, "mail-body", FAR);
        await window.press("Control+\uE011");
        await window.press(..."Thank you.");
        await window.press("Control+Enter");
        await window.find('=[data-testid="message-page"] [data-testid="message-state"][data-state="sent"]', 60);
        const reply = await eventually(
            async () => {
                await tessera("sync");
                return (await tessera("message", "list", "--with", me)).find((it) => !it.isOwn && it.id !== sent.id && it.content["@type"] === "Mail");
            },
            (it) => it
        );
        assert.equal(reply.content.subject, "Re: Opening hours");
        assert.match(reply.content.body, /^Thank you\.\n\n.*\n> See the/);

        // A Request in a message: one way there, and one back.
        await tessera("request", "send", "--to", me, "--content", {
            "@type": "Request",
            title: "Your new card",
            items: [{ "@type": "ConsentRequestItem", mustBeAccepted: true, consent: "We make you a new card." }]
        });
        await synchronise(window);
        await pressOn(window, "nav-messages", "Enter", FAR);
        const asked = `=[data-testid="messages"] a[data-kind="request"].unread`;
        await window.find(asked, 30);
        const request = await window.run(`return document.querySelector('[data-testid="messages"] a[data-kind="request"].unread').dataset.testid`);
        await pressOn(window, request, "Enter", FAR);
        await window.find("message-to-request", 30);
        await survey(window, "message-request", [1280, 320]);
        await pressOn(window, "message-to-request", "Enter", FAR);
        await window.find("request-title", 30);
        await pressOn(window, "request-to-message", "Enter", FAR);
        await window.find("message-to-request", 30);

        // From the contact, and only what is from and to it.
        await pressOn(window, "nav-contacts", "Enter", FAR);
        await pressOn(window, `contact-${address}`, "Enter", FAR);
        await pressOn(window, "contact-messages", "Enter", FAR);
        await window.find('=[data-testid="messages"] li:nth-child(4)', 30);
    });
}
