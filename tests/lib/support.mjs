// What several tests of the window need: a keyring, a picture of a code, a survey of a screen.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { end, eventually } from "./processes.mjs";

export const SIZES = [1280, 760, 360];

/** An unlocked keyring on this session's bus, as a desktop has one after logging in. */
export async function startKeyring(t) {
    const keyring = spawn("gnome-keyring-daemon", ["--unlock", "--foreground", "--components=secrets"], {
        stdio: ["pipe", "ignore", "ignore"]
    });
    keyring.stdin.end("a password for tests");
    t.after(() => end(keyring));
    for (let tries = 0; tries < 100; tries++) {
        if (await answers("org.freedesktop.secrets")) return;
        await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error("gnome-keyring-daemon does not answer on this bus");
}

const ask = (destination, path, ...words) =>
    new Promise((done) => {
        const asked = spawn("dbus-send", ["--session", "--print-reply", `--dest=${destination}`, path, ...words], { stdio: ["ignore", "pipe", "ignore"] });
        let output = "";
        asked.stdout.on("data", (data) => (output += data));
        asked.on("close", () => done(output));
    });

const answers = async (name) =>
    (await ask("org.freedesktop.DBus", "/", "org.freedesktop.DBus.NameHasOwner", `string:${name}`)).includes("boolean true");

/** Locks the keyring, as a desktop does after a while. */
export async function lockKeyring() {
    const path = "/org/freedesktop/secrets";
    const locked = await ask("org.freedesktop.secrets", path, "org.freedesktop.Secret.Service.Lock", `array:objpath:${path}/collection/login`);
    assert.match(locked, /collection\/login/);
}

/** Closes the window in which the system asks for the keyring's password, as a person does; waits for it. */
export async function refuseToUnlock() {
    const prompter = "org.gnome.keyring.SystemPrompter";
    await eventually(() => answers(prompter), (is) => is, 30);
    const answer = await ask("org.freedesktop.DBus", "/", "org.freedesktop.DBus.GetConnectionUnixProcessID", `string:${prompter}`);
    process.kill(Number(/uint32 (\d+)/.exec(answer)[1]));
    await eventually(() => answers(prompter), (is) => !is);
}

/** First start with the embedded Backbone; ends on the main page. */
export async function makeProfile(window, name, { password } = {}) {
    await window.type("first-name", name);
    if (password) {
        await window.type("first-password", password);
        await window.type("first-password-repeat", password);
    }
    await window.click("first-create");
    await window.find("nav-scan", 60);
}

const inOrganisation = (organisation, what) => `=[data-testid="organisation-${organisation}"] [data-testid="${what}"]`;

/** An element inside an organisation's card, on the page of the organisations. */
export async function organisation(window, id, what) {
    if (!(await window.has(`organisation-${id}`))) await window.click("nav-organisations");
    await window.find(`organisation-${id}`, 60);
    return inOrganisation(id, what);
}

/** Takes the QR code off an organisation's card as the PNG that a camera or a screenshot gives. */
export async function pictureOfCode(window, id) {
    const picture = await organisation(window, id, "organisation-qr");
    await window.find(picture);
    return window.runAsync(
        `const done = arguments[arguments.length - 1];
         const image = document.querySelector(arguments[0]);
         const draw = () => {
             const canvas = document.createElement("canvas");
             canvas.width = canvas.height = 640;
             const context = canvas.getContext("2d");
             context.fillStyle = "#fff";
             context.fillRect(0, 0, 640, 640);
             context.imageSmoothingEnabled = false;
             context.drawImage(image, 40, 40, 560, 560);
             done(canvas.toDataURL("image/png").split(",")[1]);
         };
         if (image.complete) draw(); else image.onload = draw;`,
        picture.slice(1)
    );
}

/** Gives the page's file field a picture, as choosing a file does. */
export async function chooseFile(window, base64, name = "code.png", type = "image/png") {
    await window.find("scan-file");
    await window.run(
        `const bytes = Uint8Array.from(atob(arguments[0]), (c) => c.charCodeAt(0));
         const transfer = new DataTransfer();
         transfer.items.add(new File([bytes], arguments[1], { type: arguments[2] }));
         const field = document.querySelector('[data-testid="scan-file"]');
         field.files = transfer.files;
         field.dispatchEvent(new Event("change", { bubbles: true }));`,
        base64,
        name,
        type
    );
}

/** Pastes a picture into the window, or drops it there, as another program gives it. */
export async function handOver(window, how, base64, name = "code.png", type = "image/png") {
    await window.run(
        `const bytes = Uint8Array.from(atob(arguments[1]), (c) => c.charCodeAt(0));
         const transfer = new DataTransfer();
         transfer.items.add(new File([bytes], arguments[2], { type: arguments[3] }));
         const options = { bubbles: true, cancelable: true };
         document.body.dispatchEvent(
             arguments[0] === "paste"
                 ? new ClipboardEvent("paste", { ...options, clipboardData: transfer })
                 : new DragEvent("drop", { ...options, dataTransfer: transfer })
         );`,
        how,
        base64,
        name,
        type
    );
}

/** The link behind an organisation's code. */
export async function linkOf(window, id) {
    const link = await organisation(window, id, "organisation-link");
    await window.find(link);
    return window.run("return document.querySelector(arguments[0]).textContent.trim()", link.slice(1));
}

/** The base URL of the Backbone inside the window. */
export const embeddedUrl = (folder) => `http://localhost:${readFileSync(join(folder, "backbone/port"), "utf8").trim()}`;

/** Pastes a link into the field and reads it. */
export async function readLink(window, link) {
    await window.click("nav-scan");
    await window.clear("scan-text");
    await window.type("scan-text", link);
    await window.click("scan-read");
}

/** Sets language and theme as a person does. */
export async function choose(window, { language, theme }) {
    await window.click("nav-settings");
    if (language) await window.click(`settings-language-${language}`);
    if (theme) await window.click(`settings-theme-${theme}`);
}

/**
 * Looks at the screen as it stands, light and dark, in three widths: takes pictures, and has an
 * automated scan look for barriers. Nothing may reach beyond the page's width.
 */
export async function survey(window, name, sizes = SIZES) {
    const language = await window.run("return document.documentElement.lang");
    const before = await window.run("return document.documentElement.dataset.theme ?? ''");
    for (const theme of ["light", "dark"]) {
        await window.run("document.documentElement.dataset.theme = arguments[0]", theme);
        for (const width of sizes) {
            await window.resize(width, 800);
            await window.picture(`${name}-${language}-${theme}-${width}`);
            const overflow = await window.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
            assert.ok(overflow <= 0, `${name} reaches ${overflow} px beyond ${width} px`);
            // Where the page scrolls within the window, nothing lengthens the window besides.
            const below = await window.run(
                `const main = document.querySelector("main");
                 const scrolls = main !== null && getComputedStyle(main).overflowY === "auto";
                 return scrolls ? document.documentElement.scrollHeight - document.documentElement.clientHeight : 0;`
            );
            assert.ok(below <= 0, `${name} reaches ${below} px below the window`);
            if (width === 1280 || (width === 360 && theme === "light")) {
                assert.deepEqual(await window.violations(), [], `${name}, ${theme}, ${width} px wide`);
            }
        }
    }
    await window.run("if (arguments[0]) document.documentElement.dataset.theme = arguments[0]; else delete document.documentElement.dataset.theme", before);
    await window.resize(1280, 800);
}
