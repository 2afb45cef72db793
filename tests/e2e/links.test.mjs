// A click on a link in the browser: it starts the program, or reaches the window that is open; and it waits
// where there is no profile yet, or none that is open.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";

import { program, scratch } from "../lib/processes.mjs";
import { linkOf, makeProfile, startKeyring, survey } from "../lib/support.mjs";
import { openWindow } from "../lib/window.mjs";

const PASSWORD = "correct horse battery";
const NO_BUS = { DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent" };

/** Starts the program as the browser does, while another one runs; answers with its exit code. */
const click = (folder, ...words) =>
    new Promise((done, fail) => {
        const second = spawn(program("tessera-desktop"), words, { stdio: "ignore", env: { ...process.env, TESSERA_DATA: folder } });
        const force = setTimeout(() => second.kill("SIGKILL"), 30_000);
        second.once("error", fail);
        second.once("exit", (code) => (clearTimeout(force), done(code)));
    });

/** The same code in the forms that links have. */
function forms(link) {
    const url = new URL(link);
    const [, id] = /\/r\/([^?]+)/.exec(url.pathname);
    const truncated = Buffer.from(`${id}@${url.origin}|${Buffer.from(url.hash.slice(1), "base64url")}`).toString("base64url");
    return { nmshd: `nmshd://tr#${truncated}`, bare: truncated };
}

test("a link: cold, warm, and more than one window", async (t) => {
    await startKeyring(t);
    const folder = scratch(t);
    let window = await openWindow(folder);
    t.after(() => window.close());
    await window.find("first-name", 30);
    await makeProfile(window, "Ada");
    const link = await linkOf(window, "townhall");
    const { nmshd, bare } = forms(link);
    const opened = async () => {
        await window.find("pin-input", 30);
        await window.click("nav-inbox");
        await window.find("inbox-empty");
    };

    for (const text of [nmshd, link, bare]) {
        assert.equal(await click(folder, text), 0, "the second program hands over and ends");
        await opened();
    }
    assert.equal(await click(folder), 0, "without a link the open window comes to the front");
    assert.equal(await click(folder, "nmshd://tr#broken"), 0);
    await window.find('=[data-testid="scan-error"]', 20);

    // Somebody's other wallet is not disturbed by links for this one, nor the other way round.
    const other = await openWindow(scratch(t));
    t.after(() => other.close());
    await other.find("first-name", 30);
    assert.equal(await click(folder, nmshd), 0);
    await window.find("pin-input", 30);
    assert.equal(await other.has("waiting-code"), false);
    await other.close();

    await window.close();
    window = await openWindow(folder, {}, undefined, [nmshd]);
    await window.find("nav-scan", 60);
    await opened();
});

test("a link before there is a profile waits and is resumed", async (t) => {
    await startKeyring(t);
    const folder = scratch(t);
    const key = Buffer.alloc(32, 7).toString("base64url");
    const own = Buffer.from(`RLT00000000000000001|3|${key}||pin4&${Buffer.alloc(16, 1).toString("base64")}`).toString("base64url");
    const window = await openWindow(folder, {}, undefined, [`nmshd://tr#${own}`]);
    t.after(() => window.close());
    await window.find("waiting-code", 30);
    await survey(window, "link-waits");
    await makeProfile(window, "Ada");
    await window.find("code-preview", 20);
    await window.find("pin-input");

    // What waits can be left, and says so where it belongs to another server.
    const elsewhere = scratch(t);
    const other = await openWindow(elsewhere, {}, undefined, [`https://backbone.example.org/r/RLT00000000000000001#${Buffer.from(`3|${key}||`).toString("base64url")}`]);
    t.after(() => other.close());
    await other.find("waiting-code", 30);
    await other.find("first-elsewhere");
    await survey(other, "link-waits-elsewhere", [1280]);
    await other.click("first-use-server");
    assert.equal(await other.run(`return document.querySelector('[data-testid="first-url"]').value`), "https://backbone.example.org");
    await other.click("waiting-leave");
    assert.equal(await other.has("waiting-code"), false);
});

test("a link while the wallet is locked waits for the app password", async (t) => {
    const folder = scratch(t);
    let window = await openWindow(folder, NO_BUS);
    t.after(() => window.close());
    await window.find("first-name", 30);
    await makeProfile(window, "Ada", { password: PASSWORD });
    const link = await linkOf(window, "townhall");
    await window.close();

    window = await openWindow(folder, NO_BUS, undefined, [link]);
    await window.find("waiting-code", 30);
    await survey(window, "link-waits-locked", [1280]);
    await window.type("unlock-password", PASSWORD);
    await window.click("unlock");
    await window.find("pin-input", 30);
});
