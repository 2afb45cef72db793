// Where the key of the database is: without a keyring an app password stands in for it, a locked keyring
// can be tried again, and two programs never share a folder.
import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { scratch } from "../lib/processes.mjs";
import { lockKeyring, makeProfile, refuseToUnlock, startKeyring, survey } from "../lib/support.mjs";
import { openWindow } from "../lib/window.mjs";

const NO_BUS = { DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent" };
const PASSWORD = "correct horse battery";

test("no keyring: an app password", async (t) => {
    const folder = scratch(t);
    let window = await openWindow(folder, NO_BUS);
    t.after(() => window.close());

    // First start says so, and does not go on without a password.
    await window.find("first-name", 30);
    assert.equal(await window.has("first-wants-password"), false, "it is no choice");
    await window.find("first-password");
    await window.find('=[data-testid="first-keyring"]');
    await survey(window, "first-start-no-keyring");
    await window.type("first-name", "Ada");
    await window.click("first-create");
    await window.find('=[data-testid="first-password"][aria-invalid="true"]');
    await window.type("first-password", PASSWORD);
    await window.type("first-password-repeat", `${PASSWORD}!`);
    await window.click("first-create");
    await window.find('=[data-testid="first-password-repeat"][aria-invalid="true"]');
    await window.clear("first-password-repeat");
    await window.type("first-password-repeat", PASSWORD);
    await window.click("first-create");
    await window.find("nav-scan", 60);
    await window.click("nav-data");
    await window.click("data-add");
    await window.click("add-GivenName");
    await window.type("value-value", "Ada");
    await window.click("data-save");
    await window.find("attribute-GivenName");

    // Locked after closing.
    await window.close();
    window = await openWindow(folder, NO_BUS);
    await window.find("unlock-password", 30);
    assert.equal(await window.has("nav-data"), false, "nothing is shown before the password");
    await survey(window, "locked");
    await window.type("unlock-password", "something else");
    await window.click("unlock");
    await window.find('=[data-testid="locked-error"][data-code="error.tessera.keys.wrongPassword"]', 30);
    await survey(window, "locked-wrong", [1280]);
    await window.clear("unlock-password");
    await window.type("unlock-password", PASSWORD);
    await window.click("unlock");
    await window.click("nav-data", 30);
    await window.find("attribute-GivenName");
});

test("a keyring that is gone for a while", async (t) => {
    await startKeyring(t);
    const folder = scratch(t);
    let window = await openWindow(folder);
    t.after(() => window.close());
    await window.find("first-name", 30);
    await makeProfile(window, "Ada");
    await window.close();

    // The key is in the keyring, and the keyring does not answer: an app password would not help.
    window = await openWindow(folder, NO_BUS);
    await window.find("locked-error", 60);
    assert.match(await window.run("return document.querySelector('[data-testid=locked-error]').dataset.code"), /^error\.tessera\.keyring\./);
    assert.equal(await window.has("unlock-password"), false);
    await survey(window, "locked-keyring");
    await window.click("locked-error-retry");
    await window.find("locked-error", 60);
    await window.close();

    window = await openWindow(folder);
    await window.find("nav-scan", 30);
});

test("a locked keyring", async (t) => {
    await startKeyring(t);
    const folder = scratch(t);
    let window = await openWindow(folder);
    t.after(() => window.close());
    await window.find("first-name", 30);
    await makeProfile(window, "Ada");
    await window.close();

    // The system asks the person, who closes the question.
    await lockKeyring();
    window = await openWindow(folder);
    await refuseToUnlock();
    await window.find("locked-error", 30);
    assert.match(await window.run("return document.querySelector('[data-testid=locked-error]').dataset.code"), /^error\.tessera\.keyring\.(locked|denied)$/);
    assert.equal(await window.has("nav-scan"), false);

    // Trying again asks again.
    await window.click("locked-error-retry");
    await refuseToUnlock();
    await window.find("locked-error", 30);
});

test("two programs on one folder", async (t) => {
    await startKeyring(t);
    const folder = scratch(t);
    const first = await openWindow(folder);
    t.after(() => first.close());
    await first.find("first-name", 30);
    await makeProfile(first, "Ada");

    // By its own path it would find the first one, hand over and end.
    const detour = join(scratch(t), "detour");
    symlinkSync(folder, detour);
    const second = await openWindow(detour);
    t.after(() => second.close());
    const error = '=[role="alert"][data-code$=".inUse"]';
    await second.find(error, 30);
    assert.equal(await second.has("nav-scan"), false);
    assert.equal(await second.has("first-name"), false, "it does not offer to begin anew");
    await survey(second, "in-use", [1280]);

    // The first one goes on undisturbed; when it has ended, trying again opens the folder.
    await first.click("nav-data");
    await first.find("data-empty");
    await first.close();
    await second.click("error-retry");
    await second.find("nav-scan", 30);
});
