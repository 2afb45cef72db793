// Requests, answers and Mails along an active Relationship, between the wallet and enmeshed's own
// runtime, in both directions.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { fileOfRuntime, fileOfWallet } from "./exchanging.mjs";
import { connected, inOneHour } from "../lib/meeting.mjs";
import { eventually, scratch } from "../lib/processes.mjs";

/** What asks for an e-mail address. */
const question = () => ({
    "@type": "Request",
    items: [
        {
            "@type": "ReadAttributeRequestItem",
            mustBeAccepted: true,
            query: { "@type": "IdentityAttributeQuery", valueType: "EMailAddress" }
        }
    ]
});

const given = (owner, address) => ({
    items: [
        {
            accept: true,
            newAttribute: { "@type": "IdentityAttribute", owner, value: { "@type": "EMailAddress", value: address } }
        }
    ]
});

/** A template that asks only those who are known. */
const forContacts = () => ({
    "@type": "RelationshipTemplateContent",
    onNewRelationship: { "@type": "Request", items: [{ "@type": "ConsentRequestItem", mustBeAccepted: true, consent: "Hello" }] },
    onExistingRelationship: question()
});

const requestOfWallet = async (tessera, id) => {
    await tessera("sync");
    return (await tessera("request", "list")).find((it) => it.id === id || (!id && it.status === "ManualDecisionRequired"));
};

const requestOfRuntime = async (runtime, which, id) => {
    await runtime.transport.account.syncEverything();
    return (await runtime.consumption[which].getRequests({})).find((it) => !id || it.id === id);
};

/** What each side says of a Request that was answered. */
function assertSame(asked, answered, result) {
    assert.equal(asked.status, "Completed");
    assert.equal(answered.status, "Completed");
    assert.equal(asked.isOwn, true);
    assert.equal(answered.isOwn, false);
    assert.equal(asked.response.content.result, result);
    assert.deepEqual(asked.response.source, answered.response.source);
    assert.equal(asked.response.source.type, "Message");
    assert.equal(asked.response.content.requestId, answered.response.content.requestId);
    const kinds = (side) => side.response.content.items.map((item) => item["@type"]);
    assert.deepEqual(kinds(asked), kinds(answered));
}

for (const generation of ["v7", "v6"]) {
    test(`${generation}: a template of the runtime asks a wallet that is known, which accepts or rejects in a message`, async (t) => {
        const { tessera, profile, runtime } = await connected(t, generation);
        for (const result of ["Accepted", "Rejected"]) {
            const template = await runtime.transport.relationshipTemplates.createOwnRelationshipTemplate({
                content: forContacts(),
                expiresAt: inOneHour()
            });
            const loaded = await tessera("template", "load", template.reference?.url ?? template.truncatedReference);
            const id = loaded.requestId;
            if (result === "Accepted") await tessera("request", "accept", id, "--decision", given(profile.address, "ada@example.org"));
            else await tessera("request", "reject", id);
            const asked = await eventually(() => requestOfRuntime(runtime, "outgoingRequests", id), (it) => it?.status === "Completed");
            assertSame(asked, await requestOfWallet(tessera, id), result);
        }
        const held = (await runtime.consumption.attributes.getAttributes({})).filter((it) => it.content.owner === profile.address);
        const mine = (await tessera("attribute", "list")).filter((it) => it.shareInfo?.length > 0);
        assert.deepEqual(held.map((it) => [it.id, it.content.value.value]), [[mine[0].id, "ada@example.org"]]);
    });

    test(`${generation}: a template of the wallet asks a runtime that is known, which answers in a message`, async (t) => {
        const { tessera, runtime } = await connected(t, generation);
        const template = await tessera("template", "create", "--content", forContacts(), "--expires-at", inOneHour());
        await runtime.transport.relationshipTemplates.loadPeerRelationshipTemplate({ reference: template.truncatedReference });
        const request = await eventually(
            () => requestOfRuntime(runtime, "incomingRequests"),
            (it) => it?.status === "ManualDecisionRequired"
        );
        await runtime.consumption.incomingRequests.accept({
            requestId: request.id,
            ...given(runtime.address, "library@example.org")
        });
        const asked = await eventually(() => requestOfWallet(tessera, request.id), (it) => it?.status === "Completed");
        assertSame(asked, await requestOfRuntime(runtime, "incomingRequests", request.id), "Accepted");
        const received = (await tessera("attribute", "list", "--all")).filter((it) => it.content.owner === runtime.address);
        assert.deepEqual(received.map((it) => it.content.value.value), ["library@example.org"]);
    });

    test(`${generation}: the runtime asks in a message, the wallet accepts and rejects`, async (t) => {
        const { tessera, profile, runtime } = await connected(t, generation);
        for (const result of ["Accepted", "Rejected"]) {
            const draft = await runtime.consumption.outgoingRequests.create({ content: question(), peer: profile.address });
            await runtime.transport.messages.sendMessage({ recipients: [profile.address], content: draft.content });
            const received = await eventually(
                () => requestOfWallet(tessera, draft.id),
                (it) => it?.status === "ManualDecisionRequired"
            );
            assert.equal(received.source.type, "Message");
            if (result === "Accepted") await tessera("request", "accept", draft.id, "--decision", given(profile.address, "ada@example.org"));
            else await tessera("request", "reject", draft.id);
            const asked = await eventually(() => requestOfRuntime(runtime, "outgoingRequests", draft.id), (it) => it.status === "Completed");
            assertSame(asked, await requestOfWallet(tessera, draft.id), result);
            assert.deepEqual(asked.source, received.source);
        }
    });

    test(`${generation}: the wallet asks in a message, the runtime accepts and rejects`, async (t) => {
        const { tessera, runtime } = await connected(t, generation);
        for (const result of ["Accepted", "Rejected"]) {
            const sent = await tessera("request", "send", "--to", runtime.address, "--content", question());
            assert.equal(sent.status, "Open");
            assert.equal(sent.source.type, "Message");
            const received = await eventually(
                () => requestOfRuntime(runtime, "incomingRequests", sent.id),
                (it) => it?.status === "ManualDecisionRequired"
            );
            assert.deepEqual(received.source, sent.source);
            if (result === "Accepted") {
                await runtime.consumption.incomingRequests.accept({ requestId: sent.id, ...given(runtime.address, "library@example.org") });
            } else {
                await runtime.consumption.incomingRequests.reject({ requestId: sent.id, items: [{ accept: false }] });
            }
            const asked = await eventually(() => requestOfWallet(tessera, sent.id), (it) => it.status === "Completed");
            assertSame(asked, await requestOfRuntime(runtime, "incomingRequests", sent.id), result);
        }
        const received = (await tessera("attribute", "list", "--all")).filter((it) => it.content.owner === runtime.address);
        assert.deepEqual(received.map((it) => it.content.value.value), ["library@example.org"]);
    });

    test(`${generation}: Mails go both ways`, async (t) => {
        const { tessera, profile, runtime } = await connected(t, generation);
        const mail = (to, text) => ({ "@type": "Mail", to: [to], cc: [], subject: "Grüße 👋", body: text });
        const sent = await tessera("message", "send", "--to", runtime.address, "--content", mail(runtime.address, "From the wallet"));
        assert.equal(sent.state, "sent");
        const delivered = async () => (await tessera("message", "deliveries", String(sent.number))).map((one) => [one.peer.address, Boolean(one.receivedAt)]);
        assert.deepEqual(await delivered(), [[runtime.address, false]]);
        const messages = async () => {
            await runtime.transport.account.syncEverything();
            return await runtime.transport.messages.getMessages({});
        };
        const [seen] = await eventually(messages, (all) => all.some((it) => it.id === sent.id)).then((all) => all.filter((it) => it.id === sent.id));
        assert.equal(seen.content.body, "From the wallet");
        assert.equal(seen.content.subject, "Grüße 👋");
        assert.equal(seen.createdBy, profile.address);
        // The runtime has fetched it, so it is delivered.
        assert.deepEqual(await delivered(), [[runtime.address, true]]);

        const back = await runtime.transport.messages.sendMessage({
            recipients: [profile.address],
            content: mail(profile.address, "From the runtime")
        });
        const received = await eventually(
            async () => {
                await tessera("sync");
                return (await tessera("message", "list", "--with", runtime.address)).find((it) => it.id === back.id);
            },
            (it) => it
        );
        assert.equal(received.isOwn, false);
        assert.equal(received.content.body, "From the runtime");
        assert.equal(received.createdBy, runtime.address);
    });

    test(`${generation}: Mails with files go both ways and are read`, async (t) => {
        const { tessera, profile, runtime } = await connected(t, generation);
        const mail = (to, text) => ({ "@type": "Mail", to: [to], cc: [], subject: "The certificate", body: text });
        const messages = async () => {
            await runtime.transport.account.syncEverything();
            return await runtime.transport.messages.getMessages({});
        };

        // From the wallet: the runtime finds the File behind the attachment and opens it.
        const own = await fileOfWallet(t, tessera);
        const content = mail(runtime.address, "From the wallet");
        const sent = await tessera("message", "send", "--to", runtime.address, "--content", content, "--attach", own.id);
        assert.equal(sent.state, "sent");
        assert.deepEqual(sent.attachments, [own.id]);
        await eventually(messages, (all) => all.some((it) => it.id === sent.id));
        const seen = await runtime.transport.messages.getMessage({ id: sent.id });
        assert.deepEqual(seen.attachments.map((it) => [it.id, it.filename, it.filesize]), [[own.id, "certificate.txt", 13]]);
        // Its facade answers with bytes, which JSON writes as an object of numbers.
        const got = await runtime.transport.messages.downloadAttachment({ id: sent.id, attachmentId: own.id });
        assert.equal(Buffer.from(Object.values(got.content)).toString(), "a certificate");
        assert.equal(got.filename, "certificate.txt");

        // From the runtime: the wallet does the same.
        const theirs = await fileOfRuntime(runtime);
        const back = await runtime.transport.messages.sendMessage({
            recipients: [profile.address],
            content: mail(profile.address, "From the runtime"),
            attachments: [theirs.id]
        });
        const received = await eventually(
            async () => {
                await tessera("sync");
                return (await tessera("message", "list", "--with", runtime.address)).find((it) => it.id === back.id);
            },
            (it) => it
        );
        assert.deepEqual(received.attachments, [theirs.id]);
        const facts = await tessera("message", "attachment", back.id, theirs.id);
        assert.deepEqual([facts.filename, facts.filesize, facts.mimetype], ["certificate.txt", 13, "text/plain"]);
        const out = join(scratch(t), "got.txt");
        await tessera("message", "save", back.id, theirs.id, "--out", out);
        assert.equal(readFileSync(out, "utf8"), "a certificate");

        // Read and unread on either side; nobody is told.
        assert.equal(received.wasReadAt, undefined);
        assert.ok((await tessera("message", "read", back.id)).wasReadAt);
        assert.equal((await tessera("message", "read", back.id, "--undo")).wasReadAt, undefined);
        assert.equal(seen.wasReadAt, undefined);
        assert.ok((await runtime.transport.messages.markMessageAsRead({ id: sent.id })).wasReadAt);
    });
}
