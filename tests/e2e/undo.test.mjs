// A decision can be undone for some seconds, by keyboard alone: the form is then as it was, and nothing was
// sent. What is accepted and not undone waits while there is no connection, and arrives when there is one.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { focus, pressOn, tabTo, typeInto } from "../lib/keyboard.mjs";
import { end, eventually, scratch, startBackbone, wallet } from "../lib/processes.mjs";
import { readLink, startKeyring, survey } from "../lib/support.mjs";
import { openWindow } from "../lib/window.mjs";

const CONTENT = {
    "@type": "RelationshipTemplateContent",
    title: "Choir",
    onNewRelationship: {
        "@type": "Request",
        title: "Sing with us",
        items: [
            { "@type": "ConsentRequestItem", mustBeAccepted: true, requiresInteraction: true, consent: "I come to the rehearsals." },
            {
                "@type": "FormFieldRequestItem",
                mustBeAccepted: true,
                title: "Which voice do you sing?",
                settings: { "@type": "StringFormFieldSettings" }
            }
        ]
    }
};
const ENGLISH = { LANG: "en_US.UTF-8", LANGUAGE: "en" };

test("undo by keyboard, then offline, then delivered", async (t) => {
    await startKeyring(t);
    const folder = scratch(t);
    const { url, child } = await startBackbone(t, folder);
    const port = new URL(url).port;
    const choir = wallet(folder);
    await choir("profile", "create", "--name", "Choir", "--backbone", url, "--client", "test:test");
    const { reference } = await choir("template", "create", "--content", CONTENT);

    const data = join(folder, "data");
    let window = await openWindow(data, ENGLISH);
    t.after(() => window.close());
    await window.find("first-name", 30);
    await window.type("first-name", "Ada");
    await window.click("first-remote");
    await window.type("first-url", url);
    await window.type("first-client-id", "test");
    await window.type("first-client-secret", "test");
    await window.click("first-create");
    await window.find("nav-scan", 60);

    // Twenty seconds to undo, as somebody sets who needs longer.
    await pressOn(window, "nav-settings");
    await tabTo(window, "settings-undo-5");
    await window.press("ArrowDown");
    await window.find('=[data-testid="settings-undo-20"]:checked');

    await readLink(window, reference.url);
    await window.click("code-open");
    await window.find("request-title", 20);
    await pressOn(window, "item-0-tick", "Space");
    await typeInto(window, "item-1-response", "Alto");
    await pressOn(window, "request-accept");

    // The focus is on Undo; nothing of the answer has left, whatever is synchronised.
    await window.find("request-held");
    await survey(window, "held");
    await eventually(() => focus(window), (at) => at.name?.startsWith("undo-"));
    await window.press("Enter");
    await window.find("request-accept");
    assert.equal(await window.run("return document.querySelector('[data-testid=\"item-1-response\"]').value"), "Alto");
    assert.equal(await window.run("return document.querySelector('[data-testid=\"item-0-tick\"]').checked"), true);
    await choir("sync");
    assert.deepEqual(await choir("relationship", "list"), []);

    // Once more, with Ctrl+Z from another page.
    await pressOn(window, "request-accept");
    await window.find("request-held");
    await pressOn(window, "nav-contacts");
    await window.press("Control+z");
    await window.find("request-accept");

    // Accepted without a connection, and not undone.
    await end(child);
    await pressOn(window, "request-accept");
    await window.find("request-held");
    await window.find('=[data-testid="receipt"][data-accepted="true"][data-status="Decided"]', 40);
    await window.find("outbox-count");

    // Still waiting after a restart; then there is a connection again.
    await window.close();
    window = await openWindow(data, ENGLISH);
    await window.find("outbox-count", 30);
    await startBackbone(t, folder, { port });
    await pressOn(window, "sync-now");
    await eventually(
        async () => {
            await choir("sync");
            return choir("relationship", "list");
        },
        (list) => list.length > 0,
        30
    );
    const [relationship, ...others] = await choir("relationship", "list");
    assert.deepEqual(others, []);
    assert.equal(relationship.status, "Pending");
});
