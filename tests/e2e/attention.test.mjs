// What arrives while nobody presses anything: a contact asks, and it shows in the window by itself.
import assert from "node:assert/strict";
import { test } from "node:test";

import { meetLibrary } from "../lib/asking.mjs";
import { eventually, scratch } from "../lib/processes.mjs";
import { choose, makeProfile, startKeyring, survey } from "../lib/support.mjs";
import { openWindow } from "../lib/window.mjs";

test("a Request arrives by itself", async (t) => {
    await startKeyring(t);
    const data = `${scratch(t)}/data`;
    const window = await openWindow(data);
    t.after(() => window.close());
    await window.find("first-name", 30);
    await makeProfile(window, "Ada");
    await choose(window, { language: "en", theme: "light" });
    const { tessera } = await meetLibrary(t, window, data);
    await window.click("nav-inbox");
    assert.match(await window.text("sync-live"), /live/);

    const ada = (await tessera("relationship", "list"))[0].peer;
    const ask = { title: "Night reading", items: [{ "@type": "ConsentRequestItem", mustBeAccepted: true, consent: "I lock the door." }] };
    await tessera("request", "send", "--to", ada, "--content", ask);
    // Nothing is pressed.
    await window.find("waiting-count", 30);
    await tessera("request", "send", "--to", ada, "--content", { ...ask, title: "Once more" });
    await eventually(() => window.text("waiting-count"), (text) => text.startsWith("2"));

    // Notifications can be switched off.
    await window.click("nav-settings");
    await window.scrollTo("settings-notifications");
    await survey(window, "settings-besides", [1280, 360]);
    await window.click("settings-notifications");
    await window.find('=[data-testid="settings-notifications"]:not(:checked)');
});
