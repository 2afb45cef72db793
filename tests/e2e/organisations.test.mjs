// The whole round on one machine: the person becomes a member of a sample organisation, asks it for
// something, and it answers by itself: with what it has, and with a reason where it has nothing.
import assert from "node:assert/strict";
import { test } from "node:test";

import { scratch } from "../lib/processes.mjs";
import { linkOf, makeProfile, organisation, readLink, startKeyring, survey } from "../lib/support.mjs";
import { openWindow } from "../lib/window.mjs";

test("a sample organisation answers what it is asked", async (t) => {
    await startKeyring(t);
    const window = await openWindow(`${scratch(t)}/data`);
    t.after(() => window.close());
    await window.find("first-name", 30);
    await makeProfile(window, "Ada");

    await readLink(window, await linkOf(window, "rowing"));
    await window.click("code-open");
    await window.find("request-title", 60);
    await window.type("item-0-new-value", "Ada L.");
    await window.click("request-accept");
    await window.find('=[data-testid="receipt"][data-accepted="true"]', 60);
    await window.click(await organisation(window, "rowing", "organisation-accept"), 30);
    await window.click("nav-contacts");
    await window.click('=[data-testid="contacts"] a');
    await window.find('=[data-testid="relationship-status"][data-status="Active"]', 60);

    await window.click("contact-ask");
    await window.find("ask-title", 30);
    const fill = async (name, text) => {
        await window.scrollTo(name);
        await window.type(name, text);
        await window.press("Tab");
    };
    await window.click("ask-add-readIdentity");
    await fill("ask-0-valueType", "EMailAddress");
    await window.click("ask-0-required");
    await window.click("ask-add-readIdentity");
    await fill("ask-1-valueType", "PhoneNumber");
    await window.click("ask-add-field");
    await fill("ask-2-question", "How cold is the water?");
    await window.click("ask-add-consent");
    await fill("ask-3-consent", "I may bring a friend.");
    await window.find('=[data-testid="ask-state"][data-ready="true"]', 30);
    await window.click("ask-send");
    await window.find('=[data-testid="sent-page"][data-state="answered"]', 60);
    assert.match(await window.text('=[data-testid="sent-line-0"][data-outcome="accepted"]'), /boats@/);
    for (const nothing of [1, 2]) {
        await window.find(`=[data-testid="sent-line-${nothing}"][data-outcome="rejected"]`);
        assert.match(await window.text(`sent-reason-${nothing}`), /sample organisation/);
    }
    await window.find('=[data-testid="sent-line-3"][data-outcome="accepted"]');
    await survey(window, "organisation-answered", [1280, 360]);

    // What it must answer and can't is declined as a whole.
    await window.click("nav-contacts");
    await window.click('=[data-testid="contacts"] a');
    await window.click("contact-ask");
    await window.find("ask-title", 30);
    await window.click("ask-add-readIdentity");
    await fill("ask-0-valueType", "BirthDate");
    await window.click("ask-0-required");
    await window.click("ask-send");
    await window.find('=[data-testid="sent-page"][data-state="rejected"]', 60);
    assert.match(await window.text("sent-reason-0"), /sample organisation/);

    // And it promises to delete what it was given.
    await window.click("nav-contacts");
    await window.click('=[data-testid="contacts"] a');
    await window.scrollTo("ask-back-DisplayName");
    await window.click("ask-back-DisplayName");
    await window.find('=[data-testid="ask-state"][data-ready="true"]', 30);
    await window.click("ask-send");
    await window.find('=[data-testid="sent-page"][data-state="answered"]', 60);
    await window.find('=[data-testid="sent-line-0"][data-outcome="accepted"]');
});
