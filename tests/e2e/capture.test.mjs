// Codes from wherever a person has them: pasted anywhere, dropped, on the clipboard, in a document, several
// in one picture, of other kinds; and files that are none or too much.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { pdf } from "../lib/documents.mjs";
import { end, scratch } from "../lib/processes.mjs";
import { qr } from "../lib/qr.mjs";
import { chooseFile, handOver, linkOf, makeProfile, pictureOfCode, startKeyring, survey } from "../lib/support.mjs";
import { openWindow } from "../lib/window.mjs";

const convert = (words, input) => execFileSync("convert", words, { input, maxBuffer: 1 << 28 });
const base64 = (bytes) => bytes.toString("base64");

const OTHERS = [
    ["web", "https://example.org/menu", "example.org"],
    ["wifi", "WIFI:T:WPA;S:Harbour;P:not for your eyes;;", "Harbour"],
    ["payment", "BCD\n002\n1\nSCT\n\nRowing club\nDE71110220330123456789\nEUR12.30", "Rowing club"],
    ["contact", "BEGIN:VCARD\nVERSION:3.0\nFN:Jo Doe\nEND:VCARD", "Jo Doe"],
    ["text", "Locker 12, key 7", null]
];

test("codes from everywhere", async (t) => {
    await startKeyring(t);
    const folder = scratch(t);
    const window = await openWindow(folder);
    t.after(() => window.close());
    await window.find("first-name", 30);
    await makeProfile(window, "Ada");
    const link = await linkOf(window, "rowing");
    const rowing = Buffer.from(await pictureOfCode(window, "rowing"), "base64");
    const townhall = Buffer.from(await pictureOfCode(window, "townhall"), "base64");
    await window.click("nav-scan");
    await survey(window, "scan-sources");

    const opensTheRowingClub = async () => {
        await window.find("code-preview");
        assert.equal(await window.has("pin-input"), false, "the rowing club has no PIN");
        await window.find("code-open");
    };

    await t.test("a link pasted on every page, and not where text is typed", async () => {
        for (const place of ["nav-inbox", "nav-contacts", "nav-data", "nav-organisations", "nav-settings"]) {
            await window.click(place);
            await paste(window, link);
            await opensTheRowingClub();
        }
        await window.click("nav-scan");
        await paste(window, link, "scan-text");
        assert.equal(await window.has("code-preview"), false, "a paste into a field stays one");
    });

    for (const how of ["paste", "drop"]) {
        await t.test(`a picture by ${how}`, async () => {
            await window.click("nav-settings");
            await handOver(window, how, base64(rowing));
            await opensTheRowingClub();
        });
    }

    await t.test("the picture on the clipboard", async () => {
        const file = join(folder, "copied.png");
        writeFileSync(file, rowing);
        const holder = spawn("xclip", ["-quiet", "-selection", "clipboard", "-t", "image/png", "-i", file], { stdio: "ignore" });
        await window.click("nav-scan");
        for (let tries = 0; tries < 20 && !(await window.has("code-preview")); tries++) {
            await window.click("scan-clipboard");
            await new Promise((done) => setTimeout(done, 300));
        }
        await opensTheRowingClub();
        await end(holder);
        await window.click("nav-scan");
        await window.click("scan-clipboard");
        await window.find('=[data-testid="scan-error"][data-code^="error.tessera.scanner.clipboard"]');
        await survey(window, "scan-clipboard-empty", [1280]);
    });

    await t.test("a drawing and a page of a document", async () => {
        await window.click("nav-scan");
        const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="640" height="640"><image width="640" height="640" xlink:href="data:image/png;base64,${base64(rowing)}"/></svg>`;
        await chooseFile(window, base64(Buffer.from(svg)), "code.svg", "image/svg+xml");
        await opensTheRowingClub();

        const grey = convert(["png:-", "-resize", "240x240", "-depth", "8", "gray:-"], rowing);
        await window.click("nav-scan");
        await chooseFile(window, base64(pdf(9, 7, { width: 240, height: 240, grey })), "letter.pdf", "application/pdf");
        await window.find("code-preview", 60);
        await opensTheRowingClub();
    });

    await t.test("several codes in one picture: by number, on the picture, from the list", async () => {
        const wifi = qr(OTHERS[1][1]);
        const files = [rowing, townhall, wifi].map((bytes, i) => {
            const file = join(folder, `several-${i}.png`);
            writeFileSync(file, bytes);
            return file;
        });
        const several = base64(convert([...files, "-background", "white", "+append", "png:-"]));
        for (const [way, choose, isRowing] of [
            ["number", () => window.press("1"), true],
            ["picture", () => window.click("choose-badge-2"), false],
            ["list", () => window.press("Enter"), true]
        ]) {
            await window.click("nav-contacts");
            await handOver(window, "drop", several);
            await window.find("choose-3", 30);
            assert.match(await window.text("choose-3"), /Wi-Fi.*Harbour/s);
            await window.find("choose-picture");
            if (way === "number") await survey(window, "choose-code");
            await choose();
            await window.find("code-preview");
            assert.equal(await window.has("pin-input"), !isRowing, way);
        }
        await window.click("nav-contacts");
        await handOver(window, "drop", several);
        await window.find("choose-3", 30);
        await window.press("Escape");
        await window.find("contacts-empty");
        assert.equal(await window.has("choose-code"), false, "Esc leaves");
    });

    await t.test("fifty codes", async () => {
        const folderOfMany = join(folder, "many");
        mkdirSync(folderOfMany);
        const files = Array.from({ length: 50 }, (_, i) => {
            const file = join(folderOfMany, `${i}.png`);
            writeFileSync(file, qr(`Locker ${i + 1}`, 4));
            return file;
        });
        const many = execFileSync("montage", [...files, "-tile", "10x5", "-geometry", "+2+2", "png:-"], { maxBuffer: 1 << 28 });
        await window.click("nav-scan");
        await chooseFile(window, base64(many));
        await window.find("choose-40", 60);
        await window.find("choose-picture");
        await survey(window, "choose-fifty", [1280, 360]);
        await window.press("3", "7");
        await window.find("scan-other");
    });

    for (const [kind, text, name] of OTHERS) {
        await t.test(`a code of another kind: ${kind}`, async () => {
            await window.click("nav-scan");
            await chooseFile(window, base64(qr(text)));
            await window.find(`=[data-testid="scan-other"][data-kind="${kind}"]`, 20);
            const says = await window.text("scan-other");
            if (name) assert.ok(says.includes(name), `${says} names ${name}`);
            assert.ok(!(await window.run("return document.body.innerText")).includes("not for your eyes"));
            assert.equal(await window.has("link-dialog"), false, "nothing opens by itself");
            await survey(window, `scan-other-${kind}`, [1280]);
        });
    }
    await t.test("bytes that are no text", async () => {
        await window.click("nav-scan");
        await chooseFile(window, base64(qr("\u0001\u0002\u0003\u0000PNG")));
        await window.find('=[data-testid="scan-other"][data-kind="bytes"]', 20);
    });

    const header = (side) => {
        const png = convert(["-size", "8x8", "xc:white", "png:-"]);
        png.writeUInt32BE(side, 16);
        png.writeUInt32BE(side, 20);
        return png;
    };
    for (const [what, bytes, name, type, code] of [
        ["a picture with more pixels than fit", header(60_000), "bomb.png", "image/png", /tooManyPixels|brokenPicture/],
        ["a document as a picture", pdf(1), "photo.jpg", "image/jpeg", /noCode/],
        ["a program as a picture", Buffer.concat([Buffer.from("\x7fELF"), Buffer.alloc(500)]), "code.png", "image/png", /notAPicture/],
        ["a file of 40 MB", Buffer.alloc(40_000_000, 7), "large.png", "image/png", /tooManyBytes/]
    ]) {
        await t.test(what, async () => {
            await window.click("nav-scan");
            if (bytes.length > 1_000_000) await chooseLarge(window, bytes.length, name, type);
            else await chooseFile(window, base64(bytes), name, type);
            await window.find(`=[data-testid="scan-error"]`, 60);
            assert.match(await window.run(`return document.querySelector('[data-testid="scan-error"]').dataset.code`), code);
            await survey(window, `scan-refused-${name}`, [1280]);
        });
    }

    await t.test("a document with a thousand pages can be cancelled, and the window goes on", async () => {
        await window.click("nav-scan");
        await chooseFile(window, base64(pdf(1000)), "long.pdf", "application/pdf");
        await window.find("scan-progress");
        await window.click("nav-settings");
        await window.find("settings-theme-dark");
        await window.click("nav-scan");
        if (await window.has("scan-cancel")) {
            await survey(window, "scan-progress", [1280]);
            if (await window.has("scan-cancel")) await window.click("scan-cancel");
        }
        await handOver(window, "drop", base64(rowing));
        await window.find("code-preview", 30);
    });
});

/** Pastes text as another program gives it, onto the page or into a field. */
const paste = (window, text, field) =>
    window.run(
        `const transfer = new DataTransfer();
         transfer.setData("text/plain", arguments[0]);
         const target = arguments[1] ? document.querySelector('[data-testid="' + arguments[1] + '"]') : document.body;
         target.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: transfer }));`,
        text,
        field ?? null
    );

/** Chooses a file whose bytes are made in the page: too many to send there. */
const chooseLarge = (window, bytes, name, type) =>
    window.run(
        `const transfer = new DataTransfer();
         transfer.items.add(new File([new Uint8Array(arguments[0])], arguments[1], { type: arguments[2] }));
         const field = document.querySelector('[data-testid="scan-file"]');
         field.files = transfer.files;
         field.dispatchEvent(new Event("change", { bubbles: true }));`,
        bytes,
        name,
        type
    );
