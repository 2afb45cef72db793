// Codes that lead nowhere: each gets words of its own, nothing is kept of it, and the next good one works.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

import { scratch } from "../lib/processes.mjs";
import { chooseFile, handOver, linkOf, makeProfile, pictureOfCode, readLink, startKeyring, survey } from "../lib/support.mjs";
import { openWindow } from "../lib/window.mjs";

const base64url = (text) => Buffer.from(text).toString("base64url");
const KEY = base64url(Buffer.alloc(32, 7));
const link = (id, host = "http://localhost:1", fragment = base64url(`3|${KEY}||`)) => `${host}/r/${id}#${fragment}`;
const INVALID = "error.appruntime.appStringProcessor.invalidReference";

const REFUSED = [
    ["a sentence", "Come and see us at the town hall", INVALID],
    ["broken base64", link("RLT00000000000000001", undefined, "%%%not base64%%%"), INVALID],
    ["a key that is too short", link("RLT00000000000000001", undefined, base64url(`3|${base64url("short")}||`)), INVALID],
    ["an unknown algorithm", link("RLT00000000000000001", undefined, base64url(`9|${KEY}||`)), INVALID],
    ["a link cut off in the middle", link("RLT00000000000000001").slice(0, -20), INVALID],
    ["an unknown kind of object", link("XYZ00000000000000001"), "error.appruntime.appStringProcessor.wrongCode"],
    ["a link that would run in a page", "javascript:alert(1)", "error.appruntime.appStringProcessor.wrongURL"]
];

const picture = (...drawing) => execFileSync("convert", [...drawing, "png:-"]).toString("base64");

test("bad codes", async (t) => {
    await startKeyring(t);
    const folder = scratch(t);
    const window = await openWindow(folder);
    t.after(() => window.close());
    await window.find("first-name", 30);
    await makeProfile(window, "Ada");
    const rowing = await linkOf(window, "rowing");
    const townhall = await pictureOfCode(window, "townhall");
    const own = new URL(rowing).origin;

    const refused = async (what, code) => {
        await window.find(`=[data-testid="scan-error"][data-code="${code}"]`, 10);
        const sentences = await window.run(`return [...document.querySelectorAll('[data-testid="scan-error"] :is(h2, p)')].map((it) => it.textContent)`);
        assert.ok(sentences.length >= 3 && sentences.every((it) => it.length > 5), `${what}: says what happened, what it means and what to do`);
    };

    for (const [what, text, code] of REFUSED) {
        await t.test(what, async () => {
            await readLink(window, text);
            await refused(what, code);
        });
    }

    const kinds = [];
    for (const [what, text, says] of [
        ["a token", link("TOK00000000000000001", own), /token/i],
        ["a file", link("FIL00000000000000001", own), /file/i],
        ["a code of another Backbone", link("RLT00000000000000001", "https://backbone.example.org"), /backbone\.example\.org/]
    ]) {
        await t.test(what, async () => {
            await readLink(window, text);
            kinds.push(await window.reads("code-blocked", says));
            assert.equal(await window.has("code-open"), false, "there is nothing to open");
        });
    }
    assert.equal(new Set(kinds).size, 3, "each says something else");
    await survey(window, "code-blocked");

    await t.test("a code that is gone", async () => {
        await readLink(window, link("RLT00000000000000001", own));
        await window.click("code-open");
        await window.find('=[data-testid="code-error"][data-code="error.runtime.recordNotFound"]', 20);
    });

    const blank = picture("-size", "320x240", "xc:white");
    for (const [what, base64, name, type, code] of [
        ["a picture without a code", blank, "blank.png", "image/png", "error.tessera.scanner.noCode"],
        ["half a picture", Buffer.from(townhall, "base64").subarray(0, 400).toString("base64"), "half.png", "image/png", "error.tessera.scanner.brokenPicture"],
        ["a text as a picture", Buffer.from("not a picture").toString("base64"), "letter.txt", "text/plain", "error.tessera.scanner.notAPicture"]
    ]) {
        await t.test(what, async () => {
            await window.click("nav-scan");
            await chooseFile(window, base64, name, type);
            await refused(what, code);
        });
    }
    await t.test("a text dropped on the window", async () => {
        await handOver(window, "drop", Buffer.from("a letter").toString("base64"), "letter.txt", "text/plain");
        await refused("a dropped letter", "error.tessera.scanner.notAPicture");
    });
    await survey(window, "scan-refused");

    await window.click("nav-inbox");
    await window.find("inbox-empty");
    await window.click("nav-contacts");
    await window.find("contacts-empty");

    // Good ones work in every way they can come, and after all of that.
    for (const how of ["paste", "drop"]) {
        await t.test(`a picture by ${how}`, async () => {
            await window.click("nav-data");
            await handOver(window, how, townhall);
            await window.find("pin-input");
        });
    }
    await readLink(window, rowing);
    await window.click("code-open");
    await window.find("request-title", 20);
    await window.click("nav-inbox");
    await window.find("inbox-open");
});
