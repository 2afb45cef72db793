// An address whose city was given: the page of each says what was made of what, in both languages.
import assert from "node:assert/strict";
import { test } from "node:test";

import { content } from "../lib/every-item.mjs";
import { scratch, startForger } from "../lib/processes.mjs";
import { choose, embeddedUrl, makeProfile, readLink, startKeyring, survey } from "../lib/support.mjs";
import { openWindow } from "../lib/window.mjs";

const create = (value) => ({
    "@type": "CreateAttributeRequestItem",
    mustBeAccepted: true,
    attribute: { "@type": "IdentityAttribute", owner: "", value }
});
const read = (valueType) => ({
    "@type": "ReadAttributeRequestItem",
    mustBeAccepted: true,
    query: { "@type": "IdentityAttributeQuery", valueType }
});

for (const language of ["en", "de"]) {
    test(`what was made of an address and of names, ${language}`, async (t) => {
        await startKeyring(t);
        const data = `${scratch(t)}/data`;
        const window = await openWindow(data);
        t.after(() => window.close());
        await window.find("first-name", 30);
        await makeProfile(window, "Ada");
        await choose(window, { language, theme: "light" });
        const answer = async (...items) => {
            const forged = await startForger(t, embeddedUrl(data));
            await readLink(window, await forged(content([{ title: "Library", rows: items.map((item) => [item]) }])));
            await window.click("code-open");
            await window.find("request-title", 60);
            await window.click("request-accept");
            await window.find('=[data-testid="receipt"][data-accepted="true"]', 60);
        };
        await answer(
            create({ "@type": "StreetAddress", recipient: "Ada", street: "Square", houseNo: "12", zipCode: "W1", city: "London", country: "GB" }),
            create({ "@type": "GivenName", value: "Ada" }),
            create({ "@type": "Surname", value: "Lovelace" })
        );
        await answer(read("City"), read("PersonName"));

        // By keyboard from the address to its city and back.
        await window.click("nav-data");
        await window.click("attribute-StreetAddress");
        const follow = async (list, value) => {
            await window.find(`=[data-testid="attribute-${list}"] a`);
            await window.run(`document.querySelector('[data-testid="attribute-${list}"] a').focus()`);
            await window.press("Enter");
            await window.find("=h1");
            assert.match(await window.text("attribute-value"), value);
        };
        assert.match(await window.text("=[data-testid=attribute-derived]"), /London/);
        await survey(window, "derived");
        await follow("derived", /London/);
        await survey(window, "derived-from", [1280, 360]);
        await follow("sources", /Square/);

        // A new version: the city is of the old one.
        await window.click("attribute-edit");
        await window.clear("value-houseNo");
        await window.type("value-houseNo", "13");
        await window.click("data-save");
        await window.find("attribute-edit");
        assert.match(await window.text("attribute-derived"), language === "de" ? /früheren Version/ : /earlier version/);
        await follow("derived", /London/);
        assert.match(await window.text("attribute-sources"), language === "de" ? /eine neuere/ : /a newer one/);
        await survey(window, "derived-from-older", [1280, 360]);
        await window.click("nav-data");
        await window.click("attribute-PersonName");
        await window.find("attribute-sources");
        await survey(window, "derived-name", [1280]);
    });
}
