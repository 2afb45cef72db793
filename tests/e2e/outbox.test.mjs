// What is decided without a connection stands in the outbox with what keeps it, and is sent from there.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { end, scratch, startBackbone, wallet } from "../lib/processes.mjs";
import { readLink, startKeyring, survey } from "../lib/support.mjs";
import { openWindow } from "../lib/window.mjs";

const CONTENT = {
    "@type": "RelationshipTemplateContent",
    title: "Allotment garden",
    onNewRelationship: {
        "@type": "Request",
        title: "A garden for a year",
        items: [{ "@type": "ConsentRequestItem", mustBeAccepted: true, consent: "I water it." }]
    }
};

test("an answer waits in the outbox, is tried again and is sent", async (t) => {
    await startKeyring(t);
    const folder = scratch(t);
    const { url, child } = await startBackbone(t, folder);
    const port = new URL(url).port;
    const garden = wallet(folder);
    await garden("profile", "create", "--name", "Garden", "--backbone", url, "--client", "test:test");
    const { reference } = await garden("template", "create", "--content", CONTENT);

    const window = await openWindow(join(folder, "data"));
    t.after(() => window.close());
    await window.find("first-name", 30);
    await window.type("first-name", "Ada");
    await window.click("first-remote");
    await window.type("first-url", url);
    await window.type("first-client-id", "test");
    await window.type("first-client-secret", "test");
    await window.click("first-create");
    await window.find("nav-scan", 60);
    await window.run("location.hash = '#/outbox'");
    await window.find("outbox-empty", 30);

    await readLink(window, reference.url);
    await window.click("code-open");
    await window.find("request-title", 20);
    await end(child);
    await window.click("request-accept");
    await window.find('=[data-testid="receipt"][data-accepted="true"][data-status="Decided"]', 30);

    await window.run("location.hash = '#/outbox'");
    const waits = '=[data-testid="outbox-waiting"] [data-testid="outbox-entry"][data-state="queued"]';
    await window.find(`${waits} [data-testid="outbox-retry"]`, 30);
    const said = await window.text("outbox-waiting");
    assert.match(said, /A garden for a year/);
    assert.match(said, /can.t be reached|No connection/);
    assert.match(said, /Tried/);
    await survey(window, "outbox-waiting", [1280, 320]);

    // Without a connection trying again changes nothing.
    await window.click("outbox-retry");
    await window.find(`${waits} [data-testid="outbox-retry"]:not([aria-disabled="true"])`, 30);

    await startBackbone(t, folder, { port });
    await window.click("outbox-retry");
    await window.find('=[data-testid="outbox-sent"] [data-testid="outbox-entry"][data-state="sent"]', 60);
    await survey(window, "outbox-sent", [1280, 320]);
});
