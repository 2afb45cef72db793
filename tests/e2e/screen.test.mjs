// A code that is on the screen: found beside the window, chosen by number, or inside of a frame that is drawn
// with the mouse or with keys alone.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

import { end, eventually, scratch } from "../lib/processes.mjs";
import { makeProfile, pictureOfCode, startKeyring, survey } from "../lib/support.mjs";
import { openWindow } from "../lib/window.mjs";

/** Another program that shows a picture at a place of the screen. */
async function show(t, file, place) {
    const viewer = spawn("display", ["-geometry", place, "-title", "A mail", file], { stdio: "ignore" });
    t.after(() => end(viewer));
    await eventually(async () => execFileSync("xwininfo", ["-root", "-tree"]).toString(), (tree) => tree.includes("A mail"));
    return viewer;
}

test("a code on the screen", async (t) => {
    await startKeyring(t);
    const folder = scratch(t);
    const window = await openWindow(join(folder, "data"));
    t.after(() => window.close());
    await window.find("first-name", 30);
    await makeProfile(window, "Ada");
    const file = (name, base64) => {
        const path = join(folder, name);
        execFileSync("convert", ["png:-", "-resize", "300x300", path], { input: Buffer.from(base64, "base64") });
        return path;
    };
    const rowing = file("rowing.png", await pictureOfCode(window, "rowing"));
    const townhall = file("townhall.png", await pictureOfCode(window, "townhall"));

    await t.test("nothing there: one can draw a frame, and learns that it is empty", async () => {
        await window.click("nav-contacts");
        await window.press("Control+Shift+S");
        await window.find("choose-stage", 30);
        assert.equal(await window.has("choose-1"), false);
        await window.find("choose-picture");
        await window.press("ArrowRight", "Enter");
        await window.find("choose-frame-error", 30);
        await survey(window, "screen-none");
        await window.press("Escape");
        await window.press("Escape");
        await eventually(() => window.has("choose-code"), (is) => !is);
        await window.find("contacts-empty");
    });

    // Somebody has a mail and a website open, behind the window.
    await show(t, rowing, "+60+60");
    await show(t, townhall, "+700+400");
    await window.run("document.body.focus()");

    await t.test("several codes: by number", async () => {
        await window.press("Control+Shift+S");
        await window.find("choose-2", 30);
        await window.find("choose-picture");
        await survey(window, "screen-several");
        await window.press("2");
        await window.find("pin-input");
    });

    await t.test("a frame around one of them, with the mouse", async () => {
        await window.click("nav-scan");
        await window.click("scan-screen");
        await window.find("choose-2", 30);
        const box = await window.run(`
            const { left, top, width, height } = document.querySelector('[data-testid="choose-stage"]').getBoundingClientRect();
            return { left, top, width, height };
        `);
        const at = (x, y) => ({ x: Math.round(box.left + (x / 1400) * box.width), y: Math.round(box.top + (y / 1000) * box.height) });
        await window.drag(at(20, 20), at(400, 400));
        await window.find("code-preview", 30);
        assert.equal(await window.has("pin-input"), false, "the rowing club has no PIN");
    });

    await t.test("Enter takes the first", async () => {
        await window.click("nav-data");
        await window.press("Control+Shift+S");
        await window.find("choose-2", 30);
        await window.press("Enter");
        await window.find("code-preview");
    });
});

test("a screen that can't be captured", async (t) => {
    await startKeyring(t);
    const folder = scratch(t);
    // A desktop that says no: the portal that it would be asked of is not there.
    const window = await openWindow(folder, { WAYLAND_DISPLAY: "none", GDK_BACKEND: "x11" });
    t.after(() => window.close());
    await window.find("first-name", 30);
    await makeProfile(window, "Ada");
    await window.click("nav-scan");
    await window.click("scan-screen");
    await window.find('=[data-testid="scan-error"][data-code="error.tessera.scanner.screenUnavailable"]', 30);
    await survey(window, "screen-unavailable", [1280]);
});
