// A decision made while the Backbone can't be reached: it is kept, the page says that it waits, and it is
// delivered as soon as there is a connection again.
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

test("accepting without a connection", async (t) => {
    await startKeyring(t);
    const folder = scratch(t);
    const { url, child } = await startBackbone(t, folder);
    const port = new URL(url).port;
    const garden = wallet(folder);
    await garden("profile", "create", "--name", "Garden", "--backbone", url, "--client", "test:test");
    const { reference } = await garden("template", "create", "--content", CONTENT);

    const data = join(folder, "data");
    let window = await openWindow(data);
    t.after(() => window.close());
    await window.find("first-name", 30);
    await window.type("first-name", "Ada");
    await window.click("first-remote");
    await window.type("first-url", url);
    await window.type("first-client-id", "test");
    await window.type("first-client-secret", "test");
    await window.click("first-create");
    await window.find("nav-scan", 60);

    await readLink(window, reference.url);
    await window.click("code-open");
    await window.find("request-title", 20);

    await end(child);
    await window.click("request-accept");
    await window.find('=[data-testid="receipt"][data-accepted="true"][data-status="Decided"]', 30);
    await survey(window, "receipt-waiting");
    await window.click("receipt-contact");
    await window.find('=[data-testid="relationship-status"][data-status="toBeSent"]');
    await window.find("outbox-count");

    // Still waiting after a restart without a connection: nothing of it was only in memory.
    await window.close();
    window = await openWindow(data);
    await window.find("outbox-count", 30);

    await startBackbone(t, folder, { port });
    await window.click("sync-now");
    await window.click("nav-contacts");
    await window.click('=[data-testid="contacts"] a');
    await window.find('=[data-testid="relationship-status"][data-status="Pending"]', 30);
    await garden("sync");
    const [relationship] = await garden("relationship", "list");
    await garden("relationship", "accept", relationship.id);
    await window.click("sync-now");
    await window.find('=[data-testid="relationship-status"][data-status="Active"]', 30);
});
