// What arrives while nobody presses anything: a contact asks, and it shows in the window by itself; while
// the window is put away the desktop is asked to say so, without a word about anybody.
import assert from "node:assert/strict";
import { test } from "node:test";

import { meetLibrary } from "../lib/asking.mjs";
import { eventually, scratch } from "../lib/processes.mjs";
import { watchNotifications } from "../lib/notifications.mjs";
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

test("what arrives while nobody looks is notified once, and says nothing about anybody", async (t) => {
    await startKeyring(t);
    const data = `${scratch(t)}/data`;
    const window = await openWindow(data);
    t.after(() => window.close());
    await window.find("first-name", 30);
    await makeProfile(window, "Ada");
    await choose(window, { language: "en" });
    const { tessera } = await meetLibrary(t, window, data);
    await window.click("nav-settings");
    const ada = (await tessera("relationship", "list"))[0].peer;
    const { calls } = await watchNotifications(t);
    await window.minimize();
    assert.equal(await window.run("return document.visibilityState"), "hidden");

    const told = [];
    const arrives = async (title, count) => {
        const items = [{ "@type": "ConsentRequestItem", mustBeAccepted: true, consent: "I lock the door." }];
        await tessera("request", "send", "--to", ada, "--content", { title, items });
        await eventually(() => window.run("return document.querySelector('[data-testid=waiting-count]')?.textContent ?? ''"), (text) => text.startsWith(String(count)), 30);
        told.push(title);
    };
    await arrives("Night reading", 1);
    await eventually(() => calls().length, (count) => count > 0);
    await arrives("Summer break", 2);
    await eventually(() => calls().length, (count) => count > 1);
    // Switched off, there is none; switched on again, there is.
    await window.run("document.querySelector('[data-testid=settings-notifications]').click()");
    await arrives("Third floor", 3);
    await window.run("document.querySelector('[data-testid=settings-notifications]').click()");
    await arrives("Fourth floor", 4);
    await eventually(() => calls().length, (count) => count > 2);

    const notified = calls();
    assert.deepEqual(
        notified.map((call) => /"([^"]*answer\.)"/.exec(call)?.[1]),
        ["Something waits for your answer.", "2 things wait for your answer.", "4 things wait for your answer."]
    );
    for (const call of notified) {
        assert.doesNotMatch(call, /did:e:|Ada|library|lock the door/i);
        for (const title of told) assert.ok(!call.includes(title), call);
    }
});
