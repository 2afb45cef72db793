// Every kind of RequestItem between the wallet and enmeshed's own runtime, in both directions, by
// message and by template; and what both sides have in their books afterwards.
import assert from "node:assert/strict";
import { test } from "node:test";

import { backboneAndWallet, connected, inOneHour, statusInRuntime, statusInWallet } from "../lib/meeting.mjs";
import { eventually, startPeer } from "../lib/processes.mjs";
import {
    fileOfRuntime,
    fileOfWallet,
    IN_A_YEAR,
    ownOfRuntime,
    requestInRuntime,
    requestInWallet,
    sharedByRuntime,
    sharedByWallet,
    valuesOf
} from "./exchanging.mjs";

const identity = (owner, type, value) => ({ "@type": "IdentityAttribute", owner, value: { "@type": type, value } });
const relationship = (owner, key, value) => ({
    "@type": "RelationshipAttribute",
    owner,
    key,
    confidentiality: "public",
    isTechnical: false,
    value: { "@type": "ProprietaryString", title: "Number", value }
});
const read = (query) => ({ "@type": "ReadAttributeRequestItem", mustBeAccepted: true, query });
const field = (title, settings) => ({ "@type": "FormFieldRequestItem", mustBeAccepted: true, title, settings });

/**
 * Every item that either side understands, with how it is answered and what the answer must be.
 *
 * @param asker   the address of who asks
 * @param answerer the address of who answers
 * @param shared  an own attribute of the asker: {id, content}
 * @param held    the id of an attribute of the asker that the answerer has
 * @param file    {reference, token} of a File of the asker
 */
function everyItem(generation, { asker, answerer, shared, held, file }) {
    const ofItem = [
        [
            read({ "@type": "IdentityAttributeQuery", valueType: "GivenName" }),
            { accept: true, newAttribute: identity(answerer, "GivenName", "Ada") },
            "ReadAttributeAcceptResponseItem"
        ],
        [
            read({ "@type": "IQLQuery", queryString: "Nationality", attributeCreationHints: { valueType: "Nationality" } }),
            { accept: true, newAttribute: identity(answerer, "Nationality", "DE") },
            "ReadAttributeAcceptResponseItem"
        ],
        [
            read({
                "@type": "RelationshipAttributeQuery",
                key: "shelf",
                owner: "",
                attributeCreationHints: { title: "Number", valueType: "ProprietaryString", confidentiality: "public" }
            }),
            { accept: true, newAttribute: relationship(answerer, "shelf", "Poetry") },
            "ReadAttributeAcceptResponseItem"
        ],
        [
            {
                "@type": "ProposeAttributeRequestItem",
                mustBeAccepted: true,
                query: { "@type": "IdentityAttributeQuery", valueType: "Surname" },
                attribute: identity("", "Surname", "Lovelase")
            },
            { accept: true, attribute: identity(answerer, "Surname", "Lovelace") },
            "ProposeAttributeAcceptResponseItem"
        ],
        [
            { "@type": "CreateAttributeRequestItem", mustBeAccepted: true, attribute: identity("", "JobTitle", "Mathematician") },
            { accept: true },
            "CreateAttributeAcceptResponseItem"
        ],
        [
            { "@type": "CreateAttributeRequestItem", mustBeAccepted: true, attribute: relationship(asker, "cardNumber", "4711") },
            { accept: true },
            "CreateAttributeAcceptResponseItem"
        ],
        [
            {
                "@type": "ShareAttributeRequestItem",
                mustBeAccepted: true,
                attribute: shared.content,
                ...(generation === "v7" ? { attributeId: shared.id } : { sourceAttributeId: shared.id })
            },
            { accept: true },
            ["AcceptResponseItem", "ShareAttributeAcceptResponseItem"]
        ],
        [{ "@type": "ConsentRequestItem", mustBeAccepted: true, consent: "I agree." }, { accept: true }, "AcceptResponseItem"],
        [{ "@type": "AuthenticationRequestItem", mustBeAccepted: true, title: "It is you" }, { accept: true }, "AcceptResponseItem"],
        [field("Text", { "@type": "StringFormFieldSettings", allowNewlines: true, min: 1, max: 20 }), { accept: true, response: "two\nlines" }, "FormFieldAcceptResponseItem"],
        [field("Whole", { "@type": "IntegerFormFieldSettings", min: 1, max: 10 }), { accept: true, response: 7 }, "FormFieldAcceptResponseItem"],
        [field("Number", { "@type": "DoubleFormFieldSettings", unit: "kg" }), { accept: true, response: 1.5 }, "FormFieldAcceptResponseItem"],
        [field("Yes?", { "@type": "BooleanFormFieldSettings" }), { accept: true, response: false }, "FormFieldAcceptResponseItem"],
        [field("When", { "@type": "DateFormFieldSettings" }), { accept: true, response: "2030-02-28" }, "FormFieldAcceptResponseItem"],
        [
            field("Which", { "@type": "SelectionFormFieldSettings", options: ["a", "b", "c"], allowMultipleSelection: true }),
            { accept: true, response: ["c", "a"] },
            "FormFieldAcceptResponseItem"
        ],
        [field("Stars", { "@type": "RatingFormFieldSettings", maxRating: 5 }), { accept: true, response: 4 }, "FormFieldAcceptResponseItem"],
        [
            { "@type": "ReadAttributeRequestItem", mustBeAccepted: false, query: { "@type": "IdentityAttributeQuery", valueType: "FaxNumber" } },
            { accept: false, code: "no.fax", message: "Nobody has one." },
            "RejectResponseItem"
        ]
    ];
    if (held) {
        ofItem.push([
            { "@type": "DeleteAttributeRequestItem", mustBeAccepted: true, attributeId: held },
            { accept: true, deletionDate: IN_A_YEAR },
            "DeleteAttributeAcceptResponseItem"
        ]);
    }
    if (file) {
        ofItem.push([
            { "@type": "TransferFileOwnershipRequestItem", mustBeAccepted: true, fileReference: file.reference, ownershipToken: file.token },
            { accept: true },
            "TransferFileOwnershipAcceptResponseItem"
        ]);
    }
    // One of them in a group, which is answered as one.
    const [grouped, ...single] = ofItem;
    return {
        request: {
            "@type": "Request",
            title: "Everything",
            items: [{ "@type": "RequestItemGroup", title: "Together", items: [grouped[0]] }, ...single.map(([item]) => item)]
        },
        answers: [{ items: [grouped[1]] }, ...single.map(([, answer]) => answer)],
        kinds: ofItem.map(([, , kind]) => kind)
    };
}

const flat = (response) => response.items.flatMap((item) => item.items ?? [item]);

/** What was answered is what had to be, the same on both sides. */
function assertAnswered(asked, answered, { kinds, answers }) {
    for (const side of [asked, answered]) {
        assert.equal(side.status, "Completed");
        const items = flat(side.response.content);
        assert.equal(items.length, kinds.length);
        items.forEach((item, index) => assert.ok([kinds[index]].flat().includes(item["@type"]), `${index}: ${item["@type"]}`));
    }
    const wanted = answers.flatMap((answer) => answer.items ?? [answer]);
    flat(asked.response.content).forEach((item, index) => {
        if ("response" in wanted[index]) assert.deepEqual(item.response, wanted[index].response);
        if (item["@type"] === "RejectResponseItem") assert.deepEqual([item.code, item.message], [wanted[index].code, wanted[index].message]);
    });
}

for (const generation of ["v7", "v6"]) {
    test(`${generation}: the runtime asks for everything in a message, and the wallet gives it`, async (t) => {
        const { tessera, profile, runtime } = await connected(t, generation);
        const held = await sharedByRuntime(tessera, profile, runtime, generation);
        const file = await fileOfRuntime(runtime);
        const everything = everyItem(generation, {
            asker: runtime.address,
            answerer: profile.address,
            shared: await ownOfRuntime(runtime, generation, "GivenName", "Library"),
            held,
            file
        });
        const draft = await runtime.consumption.outgoingRequests.create({ content: everything.request, peer: profile.address });
        await runtime.transport.messages.sendMessage({ recipients: [profile.address], content: draft.content });
        await eventually(() => requestInWallet(tessera, draft.id), (it) => it?.status === "ManualDecisionRequired");
        const decision = { items: everything.answers };
        assert.equal((await tessera("request", "check", draft.id, "--decision", decision)).isSuccess, true);
        await tessera("request", "accept", draft.id, "--decision", decision);
        const asked = await eventually(() => requestInRuntime(runtime, "outgoingRequests", draft.id), (it) => it.status === "Completed");
        assertAnswered(asked, await requestInWallet(tessera, draft.id), everything);

        // Both have the same of each other.
        const theirs = await runtime.consumption.attributes.getAttributes({});
        const mine = await tessera("attribute", "list", "--all");
        const given = valuesOf(mine.filter((it) => it.shareInfo?.length > 0), profile.address);
        assert.deepEqual(valuesOf(theirs, profile.address), given);
        assert.ok(given.includes("ProprietaryString: Poetry"));
        assert.ok(given.some((it) => it.startsWith("IdentityFileReference: ")));
        assert.ok(valuesOf(mine, runtime.address).includes("ProprietaryString: 4711"));
        // The File is the wallet's.
        const own = await runtime.transport.files.getOrLoadFile({ reference: file.reference });
        await runtime.transport.account.syncEverything();
        assert.equal((await runtime.transport.files.getFile({ id: own.id })).isOwn, false);
    });

    test(`${generation}: the wallet asks for everything in a message, and the runtime gives it`, async (t) => {
        const { tessera, profile, runtime } = await connected(t, generation);
        // v6 knows it under an id of its own; the wallet says so.
        const { id: held } = await sharedByWallet(tessera, profile, runtime);
        const everything = everyItem("v7", {
            asker: profile.address,
            answerer: runtime.address,
            shared: await tessera("attribute", "add", { "@type": "GivenName", value: "Augusta" }),
            held,
            file: await fileOfWallet(t, tessera)
        });
        const sent = await tessera("request", "send", "--to", runtime.address, "--content", everything.request);
        await eventually(() => requestInRuntime(runtime, "incomingRequests", sent.id), (it) => it?.status === "ManualDecisionRequired");
        await runtime.consumption.incomingRequests.accept({ requestId: sent.id, items: everything.answers });
        const asked = await eventually(() => requestInWallet(tessera, sent.id), (it) => it.status === "Completed");
        assertAnswered(asked, await requestInRuntime(runtime, "incomingRequests", sent.id), everything);

        const theirs = valuesOf(await tessera("attribute", "list", "--all"), runtime.address);
        for (const value of ["GivenName: Ada", "Nationality: DE", "Surname: Lovelace", "JobTitle: Mathematician", "ProprietaryString: Poetry"]) {
            assert.ok(theirs.includes(value), `${value} in ${theirs}`);
        }
        assert.ok(theirs.some((it) => it.startsWith("IdentityFileReference: ")));
        const inRuntime = valuesOf(await runtime.consumption.attributes.getAttributes({}), profile.address);
        assert.ok(inRuntime.includes("GivenName: Augusta"));
        assert.ok(inRuntime.includes("ProprietaryString: 4711"));
    });

    test(`${generation}: a template of the runtime asks for everything, and the wallet gives it`, async (t) => {
        const { url, tessera, profile } = await backboneAndWallet(t);
        const runtime = await startPeer(t, generation, url);
        const everything = everyItem(generation, {
            asker: runtime.address,
            answerer: profile.address,
            // No File: the runtime makes its own Request only when the answer comes, and then refuses to, because the File
            // that was taken over is no longer its own.
            shared: await ownOfRuntime(runtime, generation, "DisplayName", "City library")
        });
        const template = await runtime.transport.relationshipTemplates.createOwnRelationshipTemplate({
            content: { "@type": "RelationshipTemplateContent", onNewRelationship: everything.request },
            expiresAt: inOneHour()
        });
        const loaded = await tessera("template", "load", template.reference?.url ?? template.truncatedReference);
        await tessera("request", "accept", loaded.requestId, "--decision", { items: everything.answers });
        const pending = await eventually(() => statusInRuntime(runtime), (it) => it?.status === "Pending");
        await runtime.transport.relationships.acceptRelationship({ relationshipId: pending.id });
        await eventually(() => statusInWallet(tessera), (it) => it.status === "Active");
        const asked = await eventually(
            () => requestInRuntime(runtime, "outgoingRequests", loaded.requestId),
            (it) => it?.status === "Completed"
        );
        assertAnswered(asked, await requestInWallet(tessera, loaded.requestId), everything);
        const theirs = valuesOf(await runtime.consumption.attributes.getAttributes({}), profile.address);
        const mine = valuesOf((await tessera("attribute", "list")).filter((it) => it.shareInfo?.length > 0), profile.address);
        assert.deepEqual(theirs.filter((it) => !it.startsWith("Proprietary")), mine.filter((it) => !it.startsWith("Proprietary")));
    });

    test(`${generation}: a template of the wallet asks for everything, and the runtime gives it`, async (t) => {
        const { url, tessera, profile } = await backboneAndWallet(t, "Library");
        const runtime = await startPeer(t, generation, url);
        const everything = everyItem("v7", {
            asker: profile.address,
            answerer: runtime.address,
            shared: await tessera("attribute", "add", { "@type": "DisplayName", value: "City library" }),
            file: await fileOfWallet(t, tessera)
        });
        const content = { "@type": "RelationshipTemplateContent", onNewRelationship: everything.request };
        const template = await tessera("template", "create", "--content", content, "--expires-at", inOneHour());
        await runtime.transport.relationshipTemplates.loadPeerRelationshipTemplate({ reference: template.truncatedReference });
        const request = await eventually(
            () => requestInRuntime(runtime, "incomingRequests"),
            (it) => it?.status === "ManualDecisionRequired"
        );
        await runtime.consumption.incomingRequests.accept({ requestId: request.id, items: everything.answers });
        const pending = await eventually(() => statusInWallet(tessera), (it) => it?.status === "Pending");
        await tessera("relationship", "accept", pending.id);
        await eventually(() => statusInRuntime(runtime), (it) => it?.status === "Active");
        const asked = await requestInWallet(tessera, request.id);
        assertAnswered(asked, await requestInRuntime(runtime, "incomingRequests", request.id), everything);
        const theirs = valuesOf(await tessera("attribute", "list", "--all"), runtime.address);
        for (const value of ["GivenName: Ada", "Surname: Lovelace", "JobTitle: Mathematician", "ProprietaryString: Poetry"]) {
            assert.ok(theirs.includes(value), `${value} in ${theirs}`);
        }
    });
}
