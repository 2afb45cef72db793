// An invitation of one's own: made, shown, saved, taken by somebody else's wallet, answered, deleted.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { eventually, scratch, wallet } from "../lib/processes.mjs";
import { choose, embeddedUrl, makeProfile, startKeyring, survey } from "../lib/support.mjs";
import { openWindow } from "../lib/window.mjs";

test("inviting a contact", async (t) => {
    await startKeyring(t);
    const folder = scratch(t);
    const data = join(folder, "data");
    const home = join(folder, "home");
    const window = await openWindow(data, { XDG_DOWNLOAD_DIR: home, HOME: home });
    t.after(() => window.close());
    await window.find("first-name", 30);
    await makeProfile(window, "Ada");
    await choose(window, { theme: "dark" });

    await window.click("nav-contacts");
    await window.click("contacts-invite");
    await window.find("invite-create");
    await window.type("invite-title", "Chess on Tuesdays");
    await window.click("ask-Surname");
    await window.click("require-Surname");
    await window.click("ask-PhoneNumber");
    await window.click("lock-pin");
    await window.click("invite-create");
    await window.find('=[data-testid="invite-pin"][aria-invalid="true"]');
    await survey(window, "invite-new");
    await window.click("invite-pin-suggest");
    const pin = await window.run(`return document.querySelector('[data-testid="invite-pin"]').value`);
    assert.match(pin, /^[0-9]{6}$/);
    await window.click("invite-create");

    await window.find("invitation-qr", 20);
    assert.ok(!(await window.text("invitation-password")).includes(pin), "the PIN is hidden until asked for");
    await window.click("invitation-reveal");
    await window.reads("invitation-password", new RegExp(pin));
    // Dark on white, in the dark theme too.
    const [corner, finder] = await window.runAsync(`
        const done = arguments[arguments.length - 1];
        const image = document.querySelector('[data-testid="invitation-qr"]');
        const draw = () => {
            const canvas = document.createElement("canvas");
            canvas.width = canvas.height = 600;
            const context = canvas.getContext("2d");
            context.drawImage(image, 0, 0, 600, 600);
            const modules = Number(/viewBox="0 0 ([0-9]+)/.exec(decodeURIComponent(image.src))[1]);
            const at = (module) => [...context.getImageData(((module + 0.5) * 600) / modules, ((module + 0.5) * 600) / modules, 1, 1).data];
            done([at(1), at(4)]);
        };
        if (image.complete) draw(); else image.onload = draw;
    `);
    assert.deepEqual(corner, [255, 255, 255, 255]);
    assert.deepEqual(finder, [0, 0, 0, 255]);
    await survey(window, "invitation");

    for (const kind of ["png", "svg"]) {
        await window.click(`invitation-${kind}`);
        await window.reads("invitation-saved", new RegExp(`\\.${kind}`));
    }
    const [svg] = /\/\S+\.svg/.exec(await window.text("invitation-saved"));
    const png = svg.replace(/svg$/, "png");
    const link = await window.run(`return document.querySelector('[data-testid="invitation-link"]').textContent.trim()`);

    // Somebody else reads the saved pictures.
    const bob = wallet(folder);
    await bob("profile", "create", "--name", "Bob", "--backbone", embeddedUrl(data), "--client", "test:test");
    await assert.rejects(bob("template", "load", "--qr", svg), { code: "error.transport.noPasswordProvided" });
    const loaded = await bob("template", "load", "--qr", png, "--pin", pin);
    assert.equal(loaded.reference.url, link);
    const { form } = await bob("request", "show", loaded.requestId);
    assert.equal(form.summary.title, "Chess on Tuesdays");
    const surname = { newAttribute: { "@type": "IdentityAttribute", owner: "", value: { "@type": "Surname", value: "Fischer" } } };
    await bob("request", "accept", loaded.requestId, "--decision", { items: [{ accept: true, ...surname }, { accept: false }] });
    await bob("sync");

    await window.click("nav-contacts");
    await window.click('=[data-testid="contacts"] a', 30);
    await window.click("contact-accept", 30);
    await window.reads("relationship-status", /Active|Connected/i, 30);

    await window.run("location.hash = '#/invitations'");
    await window.click('=[data-testid="invitations"] a', 20);
    await eventually(() => window.run(`return document.querySelector('[data-testid="invitation-state"]')?.dataset.answers`), (count) => count === "1");
    await window.click("invitation-delete");
    await survey(window, "invitation-delete", [1280]);
    await window.click("delete-confirm");
    await window.find("invitations-empty", 20);

    // Only about becoming contacts, for anybody: and nobody opens what was deleted.
    await window.click("invitation-new");
    await window.click("uses-any");
    await window.click("invite-create");
    await window.find("invitation-qr", 20);
    const open = await window.run(`return document.querySelector('[data-testid="invitation-link"]').textContent.trim()`);
    await window.run("location.hash = '#/invitations'");
    await window.find("invitations");
    await survey(window, "invitations");
    const carol = wallet(scratch(t));
    await carol("profile", "create", "--name", "Carol", "--backbone", embeddedUrl(data), "--client", "test:test");
    await assert.rejects(carol("template", "load", link, "--pin", pin));
    const { requestId } = await carol("template", "load", open);
    await carol("request", "accept", requestId);
});
