// The camera: its preview, the code in front of it, and what the page says where there is none. A folder of
// pictures stands for the camera.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { eventually, scratch, wallet } from "../lib/processes.mjs";
import { embeddedUrl, makeProfile, startKeyring, survey } from "../lib/support.mjs";
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

    // Somebody looks for the code: an empty wall first, then the code, a little turned and grey.
    const wall = join(frames, "000.png");
    execFileSync("convert", ["-size", "640x480", "gradient:gray40-gray70", wall]);
    for (let i = 1; i < 40; i++) execFileSync("cp", [wall, join(frames, `${String(i).padStart(3, "0")}.png`)]);
    execFileSync("convert", [
        "-size", "640x480", "xc:gray60",
        "(", code, "-filter", "Triangle", "-resize", "400x400", "-background", "gray60", "-rotate", "7", ")",
        "-gravity", "center", "-composite", "-colorspace", "Gray", join(frames, "900.png")
    ]);

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
