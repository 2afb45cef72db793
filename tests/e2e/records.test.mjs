// What a person keeps of the past, in the real window: the receipt of a decision is found, read and taken
// along as PDF and JSON; the list of who has what leads to it, and to asking for something to be deleted.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { meetLibrary, synchronise, waiting } from "../lib/asking.mjs";
import { eventually, scratch } from "../lib/processes.mjs";
import { choose, makeProfile, startKeyring, survey } from "../lib/support.mjs";
import { openWindow } from "../lib/window.mjs";

/** The file that the page says it has saved. */
const saved = async (window, name, ending) => {
    const path = await eventually(
        async () => (await window.has(name)) && (await window.text(name)).match(new RegExp(`/\\S.*\\.${ending}`))?.[0],
        Boolean
    );
    return readFileSync(path);
};

for (const language of ["en", "de"]) {
    test(`receipts and who has what, ${language}`, async (t) => {
        await startKeyring(t);
        const home = scratch(t);
        const data = `${home}/data`;
        const window = await openWindow(data, { XDG_DOWNLOAD_DIR: home, HOME: home });
        t.after(() => window.close());
        await window.find("first-name", 30);
        await makeProfile(window, "Ada");
        await choose(window, { language, theme: "light" });

        await window.click("nav-data");
        await window.click("data-receipts");
        await window.find("receipts-empty", 30);
        const { tessera, address } = await meetLibrary(t, window, data);

        // Who has what, and the receipt of it.
        await window.click("nav-data");
        await window.click("data-given");
        await window.find("given-table", 30);
        assert.match(await window.text("given-table"), /ada@old\.example\.org/);
        await survey(window, "given", [1280, 760, 360]);
        await window.click("sort-value");
        await window.find('=[data-testid="given-table"] th[aria-sort="ascending"]');
        await window.click("given-receipt");
        await window.find("receipt-record", 30);
        assert.match(await window.text("receipt"), /ada@old\.example\.org/);
        await survey(window, "receipt-kept", [1280, 360]);

        await window.scrollTo("receipt-json");
        await window.click("receipt-json");
        const json = JSON.parse(await saved(window, "receipt-saved", "json"));
        assert.equal(json["@type"], "TesseraConsentReceipt");
        assert.match(json.note, /not a signature/);
        assert.equal(json.peer.address, address);
        assert.equal(json.outcome.kind, "delivered");
        assert.equal(json.response.items[0].attribute.value.value, "ada@old.example.org");
        await window.click("receipt-pdf");
        const pdf = (await saved(window, "receipt-saved", "pdf")).toString("latin1");
        assert.ok(pdf.startsWith("%PDF-") && pdf.includes("/Lang"), "a document with a language");
        assert.ok(pdf.includes("/ToUnicode"), "its text is text");

        // The list as a table for other programs.
        await window.click("nav-data");
        await window.click("data-given");
        await window.find("given-csv", 30);
        await window.scrollTo("given-csv");
        await window.click("given-csv");
        const csv = (await saved(window, "given-saved", "csv")).toString();
        assert.match(csv, /,EMailAddress,ada@old\.example\.org,/);
        await window.click("given-pdf");
        assert.ok((await saved(window, "given-saved", "pdf")).length > 1000);

        // "Please delete it."
        await window.run("document.querySelector('main').scrollTo(0, 0)");
        await window.click("given-ask-back-EMailAddress");
        await window.find('=[data-testid="ask-state"][data-ready="true"]', 30);
        await window.click("ask-send");
        await window.find('=[data-testid="sent-page"][data-state="waiting"]', 60);
        const asked = await waiting(tessera);
        const deletionDate = new Date(Date.now() + 3 * 86_400_000).toISOString();
        await tessera("request", "accept", asked.id, "--decision", { items: [{ accept: true, deletionDate }] });
        await synchronise(window);
        await window.click("nav-data");
        await window.click("data-given");
        await window.click("given-asked-back-only", 30);
        await window.find('=[data-testid="given-table"] tr[data-deletion="ToBeDeletedByRecipient"]', 30);
        assert.equal(await window.has("given-ask-back-EMailAddress"), false);
        await survey(window, "given-promised", [1280, 360]);
    });
}
