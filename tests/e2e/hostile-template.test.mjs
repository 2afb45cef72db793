// Templates that no honest organisation makes. What they say is shown as text and does nothing; what can't
// be understood is left out; what is too much is refused; and the person can go on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { scratch, startForger, wallet } from "../lib/processes.mjs";
import { embeddedUrl, makeProfile, readLink, startKeyring, survey } from "../lib/support.mjs";
import { openWindow } from "../lib/window.mjs";

const RUNS = [
    "<script>window.canary = 'script'</script>",
    "<img src=x onerror=\"window.canary = 'image'\">",
    "<svg onload=\"window.canary = 'svg'\">",
    "{@html `<script>window.canary = 'template'</script>`}"
];
const OVERRIDE = "\u202Egnp.eciovni\u202C \u0000\u0007\u001B[31m \u2066inside";
const LONG = "You agree to everything. ".repeat(400);
const STRANGE = "PayEverythingRequestItem";

const offer = (items, more) => ({
    "@type": "RelationshipTemplateContent",
    title: RUNS[0],
    onNewRelationship: { "@type": "Request", items, ...more }
});
const question = (title, more) => ({ "@type": "AuthenticationRequestItem", title, mustBeAccepted: false, ...more });

test("hostile templates", async (t) => {
    await startKeyring(t);
    const folder = scratch(t);
    const data = `${folder}/data`;
    const window = await openWindow(data);
    t.after(() => window.close());
    await window.find("first-name", 30);
    await makeProfile(window, "Ada");
    const url = embeddedUrl(data);
    const forged = await startForger(t, url);
    const open = async (reference) => {
        await readLink(window, reference);
        await window.click("code-open");
    };
    const failed = (code) => window.find(`=[data-testid="code-error"][data-code="${code}"]`, 30);

    await t.test("text that would like to be more", async () => {
        const items = [
            { "@type": "ConsentRequestItem", mustBeAccepted: true, requiresInteraction: true, consent: LONG, description: RUNS[1], link: "https://example.org/terms", linkDisplayText: "<b onclick=alert()>terms</b>" },
            question(RUNS[2]),
            question(OVERRIDE),
            { "@type": "RequestItemGroup", title: RUNS[3], items: [question(RUNS[1], { description: OVERRIDE })] },
            ...Array.from({ length: 196 }, (_, i) => question(`${RUNS[i % RUNS.length]} ${i}`))
        ];
        await open(await forged(offer(items, { title: `${RUNS[1]} ${OVERRIDE}`, description: RUNS.join("\n") })));
        await window.find("request-title", 60);

        const page = await window.run("return document.body.innerText");
        for (const text of RUNS) assert.ok(page.includes(text), `${text} is shown as it is`);
        assert.equal(/[\u202A-\u202E\u2066-\u2069\u0000\u0007\u001B]/.test(page.replace(/\u2068|\u2069/g, "")), false, "nothing steers the reading direction");
        assert.equal(await window.run("return document.querySelectorAll('main script, main img, main svg[onload]').length"), 0);

        assert.equal(await window.run(`return [...document.querySelectorAll('[data-testid="item-0"] bdi')].some((text) => text.textContent.length === ${LONG.length})`), true, "the whole text is there");
        await survey(window, "hostile-request");

        await window.click("item-0-tick");
        await window.click("request-accept");
        await window.find('=[data-testid="receipt"][data-accepted="true"]', 60);
        await survey(window, "hostile-receipt", [1280, 360]);
        await window.click("receipt-contact");
        await window.find('=[data-testid="relationship-status"][data-status="Pending"]', 30);
        for (const page of ["nav-inbox", "nav-contacts", "nav-data"]) await window.click(page);
        assert.equal(await window.run("return window.canary ?? null"), null, "nothing of it ran");
    });

    await t.test("10,000 items", async () => {
        await open(await forged(offer(Array.from({ length: 10_000 }, (_, i) => question(`Question ${i}`)))));
        await failed("error.tessera.content.tooLarge");
    });
    await t.test("no items", async () => {
        await open(await forged(offer([])));
        await window.find('=[data-testid="code-error"], [data-testid="request-title"]', 30);
        assert.equal(await window.has("request-title"), false, "there is nothing to decide about");
    });
    await t.test("megabytes of title", async () => {
        await open(await forged(offer([question("One")], { title: "A".repeat(2_000_000) })));
        await window.find('=[data-testid="code-error"], [data-testid="request-title"]', 30);
        const overflow = await window.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
        assert.ok(overflow <= 0);
    });
    await t.test("content that is not what it says", async () => {
        await open(await forged({ "@type": "RelationshipTemplateContent", onNewRelationship: "nothing" }));
        await failed("error.tessera.content.malformed");
    });

    // By another organisation: with the first one there is a Relationship by now.
    const other = await startForger(t, url);
    await t.test("expired", async () => {
        const soon = await forged(offer([question("One")]), { expiresAt: new Date(Date.now() + 1500) });
        const asks = await other(offer([question("One")], { expiresAt: new Date(Date.now() + 1500).toISOString() }));
        await sleep(2000);
        await open(soon);
        await failed("error.runtime.recordNotFound");
        await open(asks);
        await window.find('=[data-testid="code-outcome"][data-outcome="requestExpired"]', 30);
    });

    // The Request stays: a later version may understand it.
    await t.test("an item of a kind that is not known", async () => {
        await open(await other(offer([question("One"), { "@type": STRANGE, mustBeAccepted: false, title: RUNS[2], [RUNS[3]]: { deep: [OVERRIDE] } }])));
        await window.find("not-decidable", 30);
        assert.equal(await window.run(`return document.querySelector('[data-testid="item-1"]').dataset.kind`), "notUnderstood");
        assert.match(await window.text("item-1"), new RegExp(STRANGE));
        assert.equal(await window.has("item-1-tick"), false, "it can't be agreed to");
        await window.run(`document.querySelector('[data-testid="item-1"] details').open = true`);
        await survey(window, "request-not-understood");
        assert.equal(await window.has("request-accept"), false, "nothing is offered that would fail");
        await window.click("nav-inbox");
        await window.find("inbox-open");
    });

    await t.test("for somebody else", async () => {
        const club = wallet(folder);
        const { address } = await club("profile", "create", "--name", "Club", "--backbone", url, "--client", "test:test");
        const content = offer([question("One")]);
        const { truncatedReference } = await club("template", "create", "--content", content, "--for", address);
        await readLink(window, truncatedReference);
        await window.reads("code-blocked", new RegExp(address.slice(-4)));
        assert.equal(await window.has("code-open"), false);
    });
    assert.equal(await window.run("return window.canary ?? null"), null, "nothing of it ran");
});
