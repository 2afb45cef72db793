// The camera: its preview, the code in front of it, and what the page says where there is none. A folder of
// pictures stands for the camera.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { eventually, scratch, wallet } from "../lib/processes.mjs";
import { qr } from "../lib/qr.mjs";
import { embeddedUrl, makeProfile, pictureOfCode, startKeyring, survey } from "../lib/support.mjs";
import { openWindow } from "../lib/window.mjs";

const CONTENT = {
    "@type": "RelationshipTemplateContent",
    title: "At the counter",
    onNewRelationship: {
        "@type": "Request",
        items: [{ "@type": "AuthenticationRequestItem", mustBeAccepted: true, title: "Queue here" }]
    }
};

test("a code in front of the camera", async (t) => {
    await startKeyring(t);
    const folder = scratch(t);
    const frames = join(folder, "frames");
    mkdirSync(frames);
    let window = await openWindow(join(folder, "data"));
    t.after(() => window.close());
    await window.find("first-name", 30);
    await makeProfile(window, "Ada");

    await window.click("nav-scan");
    const none = await window.text("camera-none");
    assert.ok(none.length > 20, "it says so in words");

    const counter = wallet(folder);
    await counter("profile", "create", "--name", "Counter", "--backbone", embeddedUrl(join(folder, "data")), "--client", "test:test");
    const code = join(folder, "code.png");
    await counter("template", "create", "--content", CONTENT, "--pin", "2468", "--qr", code);

    // Somebody looks for the code: an empty wall first, then the code, a little turned and grey, out of focus
    // and then sharper and sharper.
    const wall = join(frames, "000.png");
    execFileSync("convert", ["-size", "640x480", "gradient:gray40-gray70", wall]);
    for (let i = 1; i < 40; i++) execFileSync("cp", [wall, join(frames, `${String(i).padStart(3, "0")}.png`)]);
    for (const [number, blur] of [12, 8, 5, 3, 0].entries()) {
        const frame = join(frames, `9${number}0.png`);
        execFileSync("convert", [
            "-size", "640x480", "xc:gray60",
            "(", code, "-filter", "Triangle", "-resize", "400x400", "-background", "gray60", "-rotate", "7", ")",
            "-gravity", "center", "-composite", "-colorspace", "Gray", "-blur", `0x${blur}`, frame
        ]);
        for (let i = 1; i < 4; i++) execFileSync("cp", [frame, join(frames, `9${number}${i}.png`)]);
    }

    await window.close();
    window = await openWindow(join(folder, "data"), { TESSERA_CAMERA_RECORDING: frames });
    await window.click("nav-scan", 30);
    await window.click("camera-start");
    await eventually(
        () =>
            window.run(
                `const canvas = document.querySelector("canvas");
                 if (!canvas) return 0;
                 const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
                 return new Set(data).size;`
            ),
        (shades) => shades > 10
    );
    assert.equal(await window.has("camera-none"), false);
    await survey(window, "camera", [1280]);
    await window.find("pin-input", 30);
    await window.type("pin-input", "2468");
    await window.reads("request-title", /.+/, 20);
    await window.find("item-0-confirm");
});

test("several codes, other codes, darkness, and everything that can be wrong with a camera", async (t) => {
    await startKeyring(t);
    const folder = scratch(t);
    const frames = join(folder, "frames");
    mkdirSync(frames);
    const window = await openWindow(join(folder, "data"), { TESSERA_CAMERA_RECORDING: frames });
    t.after(() => window.close());
    await window.find("first-name", 30);
    await makeProfile(window, "Ada");
    const codes = {};
    for (const id of ["rowing", "townhall"]) {
        codes[id] = join(folder, `${id}.png`);
        writeFileSync(codes[id], Buffer.from(await pictureOfCode(window, id), "base64"));
    }

    /** What the camera sees from now on, and what goes wrong with it. */
    const sees = (words, failure) => {
        for (const old of readdirSync(frames)) rmSync(join(frames, old));
        if (failure) writeFileSync(join(frames, "failure.txt"), failure);
        for (let i = 0; i < 3; i++) execFileSync("convert", [...words, "-colorspace", "Gray", join(frames, `${i}.png`)]);
    };
    const WALL = ["-size", "640x480", "gradient:gray40-gray70"];
    const on = (...files) => ["-size", "1280x720", "xc:gray60", ...files.flatMap(([file, place]) => ["(", file, "-resize", "360x360", ")", "-geometry", place, "-composite"])];

    await window.click("nav-scan");
    await t.test("several codes at once are chosen from", async () => {
        sees(on([codes.rowing, "+100+180"], [codes.townhall, "+760+180"]));
        await window.click("camera-start");
        await window.find("choose-2", 30);
        await window.find("choose-picture");
        await survey(window, "camera-several", [1280]);
        await window.press("2");
        await window.find("pin-input");
    });

    await t.test("a code of another kind is named, and the camera goes on", async () => {
        const wifi = join(folder, "wifi.png");
        writeFileSync(wifi, qr("WIFI:T:WPA;S:Harbour;P:secret;;"));
        sees(on([wifi, "+460+180"]));
        await window.click("nav-scan");
        await window.click("camera-start");
        await window.reads("camera-other", /Wi-Fi/, 30);
        assert.ok(await window.run(`return document.querySelector('[data-testid="camera-outline"] polygon') !== null`));
        await survey(window, "camera-other", [1280]);
        await window.click("camera-stop");
    });

    await t.test("it is too dark", async () => {
        sees(["-size", "640x480", "xc:gray8"]);
        await window.click("camera-start");
        await window.find("camera-dark", 30);
        await survey(window, "camera-dark", [1280]);
        await window.click("camera-stop");
    });

    for (const [failure, code] of [
        ["busy", "cameraBusy"],
        ["permission", "cameraPermission"],
        ["format", "cameraFormat"],
        ["lost", "cameraLost"]
    ]) {
        await t.test(`the camera: ${failure}`, async () => {
            sees(WALL, failure);
            await window.click("camera-start");
            await window.find(`=[data-testid="camera-error"][data-code="error.tessera.scanner.${code}"]`, 30);
            await window.find("instead-screen");
            await window.find("instead-file");
            await survey(window, `camera-${failure}`, [1280]);
            // Put right, it works at the next try.
            sees(WALL);
            await window.click("camera-error-retry");
            await window.click("camera-stop", 30);
        });
    }

    // The choice is remembered.
    const settings = JSON.parse(readFileSync(join(folder, "data/settings.json"), "utf8"));
    assert.equal(settings.camera, "Recording");
});
