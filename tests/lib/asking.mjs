// A person in the window and a library on the command line who are contacts, and a Request of every kind
// that a person can write: how it is filled in, and how the library answers.
import { eventually, wallet, scratch } from "./processes.mjs";
import { embeddedUrl, readLink } from "./support.mjs";

const read = (valueType) => ({
    "@type": "ReadAttributeRequestItem",
    mustBeAccepted: true,
    query: { "@type": "IdentityAttributeQuery", valueType }
});
const identity = (value) => ({ "@type": "IdentityAttribute", owner: "", value });
const entry = (key, title, value) => ({
    "@type": "RelationshipAttribute",
    owner: "",
    key,
    confidentiality: "private",
    isTechnical: false,
    value: { "@type": "ProprietaryString", title, value }
});

/** The library, and the person in the window as its active contact who gave it an e-mail address. */
export async function meetLibrary(t, window, data) {
    const tessera = wallet(scratch(t));
    await tessera("profile", "create", "--name", "City library", "--backbone", embeddedUrl(data));
    const me = await tessera("profile", "show");
    const template = await tessera("template", "create", "--content", {
        "@type": "RelationshipTemplateContent",
        title: "City library",
        onNewRelationship: { "@type": "Request", title: "Become a reader", items: [read("EMailAddress")] }
    });
    await readLink(window, template.reference.url);
    await window.click("code-open");
    await window.find("request-title", 60);
    await window.type("item-0-new-value", "ada@old.example.org");
    await window.click("request-accept");
    await window.find('=[data-testid="receipt"][data-accepted="true"]', 60);
    const pending = await eventually(async () => {
        await tessera("sync");
        return (await tessera("relationship", "list"))[0];
    }, (it) => it?.status === "Pending");
    await tessera("relationship", "accept", pending.id);
    await synchronise(window);
    await window.click("nav-contacts");
    await window.click(`contact-${me.address}`);
    await window.find('=[data-testid="relationship-status"][data-status="Active"]', 30);
    return { tessera, address: me.address, relationship: pending.id };
}

/** Fetches what is new, as pressing the button does. */
export async function synchronise(window) {
    await window.click("sync-now");
    await window.find('=[data-testid="sync-state"]:not([data-state="syncing"])', 30);
}

/** The Request that waits for the library. */
export async function waiting(tessera) {
    const requests = await eventually(async () => {
        await tessera("sync");
        return (await tessera("request", "list")).filter((one) => !one.isOwn && one.status === "ManualDecisionRequired");
    }, (it) => it.length > 0);
    return requests[0];
}

const fill = (inputs) => async (page, at) => {
    for (const [name, text] of Object.entries(inputs)) {
        if (text === true) await page.click(`ask-${at}-${name}`);
        else await page.fill(`ask-${at}-${name}`, text);
    }
};

/** Each kind that can be asked: how it is filled in, how the library answers, and what is said of it. The last ones stand in a group. */
export const KINDS = [
    ["readIdentity", fill({ valueType: "GivenName" }), { accept: true, newAttribute: identity({ "@type": "GivenName", value: "Livia" }) }, /Livia/],
    ["readCondition", fill({ condition: "DisplayName", valueType: "DisplayName" }), { accept: true, newAttribute: identity({ "@type": "DisplayName", value: "City library" }) }, /City library/],
    ["readRelationship", fill({ valueType: "ProprietaryString", title: "Reader number", key: "readerNumber" }), { accept: true, newAttribute: entry("readerNumber", "Reader number", "R-17") }, /R-17/],
    ["readThirdParty", fill({ key: "insuranceNumber" }), { accept: false }, null],
    ["share", async (page, at) => {
        await page.fill(`ask-${at}-attributeId-search`, "Lovel");
        await page.find(`=[data-testid="ask-${at}-attributeId"] > label:only-child`);
        await page.click(`ask-${at}-attributeId-0`);
    }, { accept: true }, /Lovelace/],
    ["propose", fill({ valueType: "Surname", "value-value": "Books" }), { accept: true, attribute: identity({ "@type": "Surname", value: "Books" }) }, /Books/],
    ["proposeRelationship", fill({ valueType: "ProprietaryString", title: "Shelf", key: "shelf", "value-value": "Poetry" }), { accept: true, attribute: entry("shelf", "Shelf", "Drama") }, /Drama/],
    ["create", fill({ valueType: "ProprietaryString", title: "Case", key: "case", "value-value": "4711", "owner-mine": true, "confidentiality-protected": true }), { accept: true }, /4711/],
    ["createIdentity", fill({ valueType: "JobTitle", "value-value": "Librarian" }), { accept: true }, /Librarian/],
    ["file", async (page, at) => page.file(`ask-${at}-file`), { accept: true }, /card\.txt/],
    ["field", fill({ question: "How do you like me?", "settings-rating": true }), { accept: true, response: 4 }, /4/],
    ["consent", fill({ consent: "I may read your books.", requiresInteraction: true }), { accept: true }, /read your books/],
    ["authentication", fill({ title: "Open the door" }), { accept: true }, /door/]
];

/** From here on the kinds stand in a group. */
export const GROUP_AT = KINDS.findIndex(([kind]) => kind === "field");
/** How the library answers all of it. */
export const ANSWERS = [
    ...KINDS.slice(0, GROUP_AT).map(([, , answer]) => answer),
    { items: KINDS.slice(GROUP_AT).map(([, , answer]) => answer) }
];
