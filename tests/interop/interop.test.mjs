// The wallet and enmeshed's own runtime, 7.x and 6.60.x, meet on the embedded Backbone: nothing is
// replaced on either side. Run by `./dev test`, or alone: node --test tests/interop/
import assert from "node:assert/strict";
import { test } from "node:test";

import { backboneAndWallet, inOneHour, statusInRuntime, statusInWallet } from "../lib/meeting.mjs";
import { eventually, startPeer } from "../lib/processes.mjs";

const CONSENT = "I agree that my data is kept until I give my library card back.";

/** A Request as an organisation would show it: two attributes, a group, a consent, an optional item. */
const libraryCard = () => ({
    "@type": "RelationshipTemplateContent",
    title: "Library card",
    onNewRelationship: {
        "@type": "Request",
        title: "Your library card",
        items: [
            {
                "@type": "ReadAttributeRequestItem",
                mustBeAccepted: true,
                query: { "@type": "IdentityAttributeQuery", valueType: "EMailAddress" }
            },
            {
                "@type": "RequestItemGroup",
                title: "About you",
                items: [
                    {
                        "@type": "ReadAttributeRequestItem",
                        mustBeAccepted: true,
                        query: { "@type": "IdentityAttributeQuery", valueType: "GivenName" }
                    },
                    {
                        "@type": "ReadAttributeRequestItem",
                        mustBeAccepted: false,
                        query: { "@type": "IdentityAttributeQuery", valueType: "PhoneNumber" }
                    }
                ]
            },
            { "@type": "ConsentRequestItem", mustBeAccepted: true, consent: CONSENT },
            { "@type": "AuthenticationRequestItem", title: "It is you", mustBeAccepted: true }
        ]
    }
});

/** The runtime offers a template with a PIN; returns what a QR code would hold. */
async function offeredByRuntime(runtime, content = libraryCard()) {
    const template = await runtime.transport.relationshipTemplates.createOwnRelationshipTemplate({
        content,
        expiresAt: inOneHour(),
        maxNumberOfAllocations: 1,
        passwordProtection: { password: "4711", passwordIsPin: true }
    });
    return template.reference?.url ?? template.truncatedReference;
}

/** Two own attributes and the answer to `libraryCard` with one of them and a new one. */
async function answered(tessera, reference) {
    const mail = await tessera("attribute", "add", { "@type": "EMailAddress", value: "ada@example.org" });
    const loaded = await tessera("template", "load", reference, "--pin", "4711");
    const { address } = await tessera("profile", "show");
    await tessera("request", "accept", loaded.requestId, "--decision", {
        items: [
            { accept: true, existingAttributeId: mail.id },
            {
                items: [
                    {
                        accept: true,
                        newAttribute: { "@type": "IdentityAttribute", owner: address, value: { "@type": "GivenName", value: "Ada" } }
                    },
                    { accept: false }
                ]
            },
            { accept: true },
            { accept: true }
        ]
    });
    return loaded;
}

/** A Request that gives a name and asks for nothing. */
const introduction = (attribute, id) => ({
    "@type": "RelationshipTemplateContent",
    onNewRelationship: {
        "@type": "Request",
        items: [{ "@type": "ShareAttributeRequestItem", mustBeAccepted: true, attribute, ...id }]
    }
});

async function ownNameOfRuntime(runtime, generation, name) {
    const content = { value: { "@type": "DisplayName", value: name } };
    return generation === "v7"
        ? await runtime.consumption.attributes.createOwnIdentityAttribute({ content })
        : await runtime.consumption.attributes.createRepositoryAttribute({ content });
}

/** Under which ids a peer has an attribute, as the runtime has it in its books. */
async function givenByRuntime(runtime, generation, attributeId, peer) {
    await runtime.transport.account.syncEverything();
    if (generation === "v7") {
        const details = await runtime.consumption.attributes.getForwardingDetailsForAttribute({ attributeId });
        return details.filter((it) => it.peer === peer).map((it) => it.attributeId ?? attributeId);
    }
    const attributes = await runtime.consumption.attributes.getAttributes({});
    return attributes.filter((it) => it.shareInfo?.sourceAttribute === attributeId && it.shareInfo.peer === peer).map((it) => it.id);
}

for (const generation of ["v7", "v6"]) {
    test(`${generation}: a template of the runtime, with a PIN, is answered by the wallet and accepted`, async (t) => {
        const { url, tessera, profile } = await backboneAndWallet(t);
        const runtime = await startPeer(t, generation, url);
        t.diagnostic(`@nmshd/runtime ${runtime.version}`);
        const reference = await offeredByRuntime(runtime);

        await assert.rejects(tessera("template", "load", reference), { code: "error.transport.noPasswordProvided", exitCode: 1 });
        await assert.rejects(tessera("template", "load", reference, "--pin", "0815"), { exitCode: 1 });
        assert.deepEqual(await tessera("request", "list"), [], "a wrong PIN leaves nothing behind");

        const loaded = await answered(tessera, reference);
        assert.equal(loaded.createdBy, runtime.address);
        assert.equal(loaded.isOwn, false);

        const [pending] = await tessera("relationship", "list");
        assert.equal(pending.status, "Pending");
        assert.equal(pending.peer, runtime.address);

        const seen = await eventually(() => statusInRuntime(runtime), (it) => it?.status === "Pending");
        assert.equal(seen.peer, profile.address);
        const { response } = seen.creationContent;
        assert.equal(response.result, "Accepted");
        const [mail, group, consent, authentication] = response.items;
        assert.equal(mail["@type"], "ReadAttributeAcceptResponseItem");
        assert.equal(mail.attribute.value.value, "ada@example.org");
        assert.deepEqual(group.items.map((item) => item["@type"]), ["ReadAttributeAcceptResponseItem", "RejectResponseItem"]);
        assert.equal(group.items[0].attribute.value.value, "Ada");
        assert.equal(consent["@type"], "AcceptResponseItem");
        assert.equal(authentication["@type"], "AcceptResponseItem");

        // What the runtime keeps is what the wallet says it gave, under the same ids.
        const held = await runtime.consumption.attributes.getAttributes({});
        const heldIds = held.filter((it) => it.content.owner === profile.address).map((it) => [it.id, it.content.value.value]).sort();
        const given = (await tessera("attribute", "list")).filter((it) => it.shareInfo?.length > 0);
        assert.deepEqual(given.map((it) => [it.id, it.content.value.value]).sort(), heldIds);

        await runtime.transport.relationships.acceptRelationship({ relationshipId: pending.id });
        const active = await eventually(() => statusInWallet(tessera), (it) => it.status === "Active");
        assert.equal(active.id, pending.id);
        assert.deepEqual(active.auditLog.map((entry) => entry.reason), ["Creation", "AcceptanceOfCreation"]);

        const [request] = await tessera("request", "list");
        assert.equal(request.status, "Completed");
        assert.equal(request.id, response.requestId);
    });

    test(`${generation}: a template of the wallet, with a PIN, is answered by the runtime and accepted`, async (t) => {
        const { url, tessera, profile } = await backboneAndWallet(t, "Library");
        const runtime = await startPeer(t, generation, url);
        const template = await tessera("template", "create", "--content", libraryCard(), "--pin", "4711", "--expires-at", inOneHour());
        assert.equal(template.isOwn, true);

        const loaded = await runtime.transport.relationshipTemplates.loadPeerRelationshipTemplate({
            reference: template.truncatedReference,
            password: "4711"
        });
        assert.equal(loaded.createdBy, profile.address);
        const [request] = await eventually(
            () => runtime.consumption.incomingRequests.getRequests({}),
            (requests) => requests[0]?.status === "ManualDecisionRequired"
        );
        const value = (type, text) => ({
            accept: true,
            newAttribute: { "@type": "IdentityAttribute", owner: runtime.address, value: { "@type": type, value: text } }
        });
        await runtime.consumption.incomingRequests.accept({
            requestId: request.id,
            items: [
                value("EMailAddress", "grace@example.org"),
                { items: [value("GivenName", "Grace"), { accept: false }] },
                { accept: true },
                { accept: true }
            ]
        });
        const pending = await eventually(() => statusInWallet(tessera), (it) => it?.status === "Pending");
        assert.equal(pending.peer, runtime.address);
        assert.equal(pending.isOwn, false);

        await tessera("relationship", "accept", pending.id);
        const active = await eventually(() => statusInRuntime(runtime), (it) => it?.status === "Active");
        assert.equal(active.id, pending.id);
        assert.equal((await statusInWallet(tessera)).status, "Active");

        const received = (await tessera("attribute", "list", "--all")).filter((it) => it.content.owner === runtime.address);
        assert.deepEqual(received.map((it) => it.content.value.value).sort(), ["Grace", "grace@example.org"]);
    });

    test(`${generation}: what the runtime shares in its template is kept by the wallet`, async (t) => {
        const { url, tessera, profile } = await backboneAndWallet(t);
        const runtime = await startPeer(t, generation, url);
        const own = await ownNameOfRuntime(runtime, generation, "City library");
        const template = await runtime.transport.relationshipTemplates.createOwnRelationshipTemplate({
            content: introduction(own.content, generation === "v7" ? { attributeId: own.id } : { sourceAttributeId: own.id }),
            expiresAt: inOneHour()
        });

        const loaded = await tessera("template", "load", template.reference?.url ?? template.truncatedReference);
        await tessera("request", "accept", loaded.requestId, "--decision", { items: [{ accept: true }] });
        const seen = await eventually(() => statusInRuntime(runtime), (it) => it?.status === "Pending");
        const [answer] = seen.creationContent.response.items;
        assert.equal(answer["@type"], generation === "v7" ? "AcceptResponseItem" : "ShareAttributeAcceptResponseItem");

        const [received] = (await tessera("attribute", "list", "--all")).filter((it) => it.content.owner === runtime.address);
        assert.equal(received["@type"], "PeerIdentityAttribute");
        assert.deepEqual(received.content.value, { "@type": "DisplayName", value: "City library" });
        assert.equal(received.peer, runtime.address);

        // The runtime has written down that the wallet has it, under the id that the wallet uses.
        const given = await eventually(
            () => givenByRuntime(runtime, generation, own.id, profile.address),
            (ids) => ids.length > 0
        );
        assert.deepEqual(given, [received.id]);
        assert.equal(received.id === own.id, generation === "v7", "v6 has an id for each peer, v7 one for all");
    });

    test(`${generation}: what the wallet shares in its template is kept by the runtime`, async (t) => {
        const { url, tessera, profile } = await backboneAndWallet(t, "Library");
        const runtime = await startPeer(t, generation, url);
        const own = await tessera("attribute", "add", { "@type": "DisplayName", value: "City library" });
        const content = introduction(own.content, { attributeId: own.id });
        const template = await tessera("template", "create", "--content", content, "--expires-at", inOneHour());

        await runtime.transport.relationshipTemplates.loadPeerRelationshipTemplate({ reference: template.truncatedReference });
        const [request] = await eventually(
            () => runtime.consumption.incomingRequests.getRequests({}),
            (requests) => requests[0]?.status === "ManualDecisionRequired"
        );
        await runtime.consumption.incomingRequests.accept({ requestId: request.id, items: [{ accept: true }] });
        await eventually(() => statusInWallet(tessera), (it) => it?.status === "Pending");

        const held = (await runtime.consumption.attributes.getAttributes({})).filter((it) => it.content.owner === profile.address);
        assert.deepEqual(held.map((it) => it.content.value), [{ "@type": "DisplayName", value: "City library" }]);
        assert.equal(held[0].id === own.id, generation === "v7");
        const [given] = (await tessera("attribute", "list")).filter((it) => it.id === own.id);
        assert.deepEqual(given.shareInfo.map((it) => [it.direction, it.peer, it.requestReference]), [["forwarded", runtime.address, request.id]]);
    });

    test(`${generation}: the runtime rejects`, async (t) => {
        const { url, tessera } = await backboneAndWallet(t);
        const runtime = await startPeer(t, generation, url);
        await answered(tessera, await offeredByRuntime(runtime));
        const seen = await eventually(() => statusInRuntime(runtime), (it) => it?.status === "Pending");
        await runtime.transport.relationships.rejectRelationship({ relationshipId: seen.id });
        await eventually(() => statusInWallet(tessera), (it) => it.status === "Rejected");
        const shared = (await tessera("attribute", "list")).filter((it) => it.shareInfo?.length > 0);
        assert.deepEqual(shared, [], "a rejected relationship takes the shares back");
    });

    test(`${generation}: the wallet rejects`, async (t) => {
        const { url, tessera } = await backboneAndWallet(t, "Library");
        const runtime = await startPeer(t, generation, url);
        const content = { "@type": "ArbitraryRelationshipTemplateContent", value: { greeting: "hello" } };
        const template = await tessera("template", "create", "--content", content, "--max-allocations", 1);
        const loaded = await runtime.transport.relationshipTemplates.loadPeerRelationshipTemplate({ reference: template.truncatedReference });
        await runtime.transport.relationships.createRelationship({
            templateId: loaded.id,
            creationContent: { "@type": "ArbitraryRelationshipCreationContent", value: { greeting: "hello back" } }
        });
        const pending = await eventually(() => statusInWallet(tessera), (it) => it?.status === "Pending");
        assert.deepEqual(pending.creationContent.value, { greeting: "hello back" });
        await tessera("relationship", "reject", pending.id);
        await eventually(() => statusInRuntime(runtime), (it) => it?.status === "Rejected");
    });

    test(`${generation}: the wallet revokes`, async (t) => {
        const { url, tessera } = await backboneAndWallet(t);
        const runtime = await startPeer(t, generation, url);
        await answered(tessera, await offeredByRuntime(runtime));
        const [pending] = await tessera("relationship", "list");
        await eventually(() => statusInRuntime(runtime), (it) => it?.status === "Pending");
        await tessera("relationship", "revoke", pending.id);
        await eventually(() => statusInRuntime(runtime), (it) => it?.status === "Revoked");
        assert.equal((await statusInWallet(tessera)).status, "Revoked");
    });

    test(`${generation}: the runtime revokes`, async (t) => {
        const { url, tessera } = await backboneAndWallet(t, "Library");
        const runtime = await startPeer(t, generation, url);
        const content = { "@type": "ArbitraryRelationshipTemplateContent", value: {} };
        const template = await tessera("template", "create", "--content", content);
        const loaded = await runtime.transport.relationshipTemplates.loadPeerRelationshipTemplate({ reference: template.truncatedReference });
        const created = await runtime.transport.relationships.createRelationship({
            templateId: loaded.id,
            creationContent: { "@type": "ArbitraryRelationshipCreationContent", value: {} }
        });
        await eventually(() => statusInWallet(tessera), (it) => it?.status === "Pending");
        await runtime.transport.relationships.revokeRelationship({ relationshipId: created.id });
        await eventually(() => statusInWallet(tessera), (it) => it.status === "Revoked");
    });

    test(`${generation}: a template for somebody else, and an expired one, are refused`, async (t) => {
        const { url, tessera, profile } = await backboneAndWallet(t);
        const runtime = await startPeer(t, generation, url);
        const content = libraryCard();
        const personalised = await runtime.transport.relationshipTemplates.createOwnRelationshipTemplate({
            content,
            expiresAt: inOneHour(),
            forIdentity: runtime.address
        });
        await assert.rejects(tessera("template", "load", personalised.reference?.truncated ?? personalised.truncatedReference), {
            code: "error.transport.general.notIntendedForYou"
        });
        const forUs = await runtime.transport.relationshipTemplates.createOwnRelationshipTemplate({
            content,
            expiresAt: new Date(Date.now() + 1500).toISOString(),
            forIdentity: profile.address
        });
        await new Promise((done) => setTimeout(done, 1600));
        await assert.rejects(tessera("template", "load", forUs.reference?.truncated ?? forUs.truncatedReference), { exitCode: 1 });
        assert.deepEqual(await tessera("request", "list"), []);
    });
}
