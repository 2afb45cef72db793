// What becomes of attributes that were shared between the wallet and enmeshed's own runtime: new versions
// and deletions, told from either side; and what both have with third parties.
import assert from "node:assert/strict";
import { test } from "node:test";

import { connected, inOneHour } from "../lib/meeting.mjs";
import { eventually, scratch, wallet } from "../lib/processes.mjs";
import { requestInRuntime, requestInWallet, sharedByRuntime, sharedByWallet } from "./exchanging.mjs";

const inRuntime = async (runtime, id) => {
    await runtime.transport.account.syncEverything();
    return (await runtime.consumption.attributes.getAttributes({})).find((it) => it.id === id);
};

/** A version of an attribute in the wallet, of its own or a contact's. */
const inWallet = async (tessera, id) => {
    await tessera("sync");
    return (await tessera("attribute", "versions", id)).find((it) => it.id === id);
};

/** The words of a generation for who has deleted something. */
const words = {
    v7: { byOwner: "DeletedByEmitter", byPeer: "DeletedByRecipient" },
    v6: { byOwner: "DeletedByOwner", byPeer: "DeletedByPeer" }
};

const number = (owner, key, value, confidentiality = "public") => ({
    "@type": "RelationshipAttribute",
    owner,
    key,
    confidentiality,
    isTechnical: false,
    value: { "@type": "ProprietaryString", title: "Number", value }
});

/** The wallet asks the runtime, which answers as it is told; the answered items. */
async function ask(tessera, runtime, items, answers) {
    const sent = await tessera("request", "send", "--to", runtime.address, "--content", { items });
    await eventually(() => requestInRuntime(runtime, "incomingRequests", sent.id), (it) => it?.status === "ManualDecisionRequired");
    await runtime.consumption.incomingRequests.accept({ requestId: sent.id, items: answers });
    const asked = await eventually(() => requestInWallet(tessera, sent.id), (it) => it.status === "Completed");
    return asked.response.content.items;
}

/** The runtime asks the wallet; the id of its Request there. */
async function askWallet(tessera, profile, runtime, items) {
    const draft = await runtime.consumption.outgoingRequests.create({ content: { items }, peer: profile.address });
    await runtime.transport.messages.sendMessage({ recipients: [profile.address], content: draft.content });
    await eventually(() => requestInWallet(tessera, draft.id), (it) => it?.status === "ManualDecisionRequired");
    return draft.id;
}

const answeredInRuntime = async (runtime, id) => {
    const asked = await eventually(() => requestInRuntime(runtime, "outgoingRequests", id), (it) => it.status === "Completed");
    return asked.response.content.items;
};

for (const generation of ["v7", "v6"]) {
    const { byOwner, byPeer } = words[generation];

    test(`${generation}: the runtime learns of a new version in the wallet, and that it is deleted`, async (t) => {
        const { tessera, profile, runtime } = await connected(t, generation);
        const { id, held } = await sharedByWallet(tessera, profile, runtime);
        const newer = await tessera("attribute", "succeed", id, { "@type": "DisplayName", value: "Ada Lovelace" });
        const [holder] = await tessera("attribute", "notify", newer.id, "--to", runtime.address);
        assert.equal(holder.attributeId, newer.id);
        const told = await eventually(() => inRuntime(runtime, newer.id), (it) => it !== undefined);
        assert.equal(told.content.value.value, "Ada Lovelace");
        assert.equal(told.succeeds, held);
        assert.equal((await inRuntime(runtime, held)).succeededBy, newer.id);

        const [hears] = await tessera("attribute", "delete", newer.id);
        assert.equal(hears.address, runtime.address);
        const deleted = await eventually(() => inRuntime(runtime, newer.id), (it) => it.deletionInfo !== undefined);
        assert.equal(deleted.deletionInfo.deletionStatus, byOwner);
        assert.equal((await inRuntime(runtime, held)).deletionInfo.deletionStatus, byOwner);
    });

    test(`${generation}: the wallet learns of a new version in the runtime, and that it is deleted`, async (t) => {
        const { tessera, profile, runtime } = await connected(t, generation);
        const held = await sharedByRuntime(tessera, profile, runtime, generation);
        const { attributes } = runtime.consumption;
        const [own] = (await attributes.getAttributes({})).filter((it) => it.content.value["@type"] === "DisplayName" && !it.shareInfo);
        const change = {
            predecessorId: own.id,
            successorContent: { value: { "@type": "DisplayName", value: "State library" } }
        };
        const { successor } =
            generation === "v7" ? await attributes.succeedOwnIdentityAttribute(change) : await attributes.succeedRepositoryAttribute(change);
        const tell = { attributeId: successor.id, peer: profile.address };
        const told =
            generation === "v7"
                ? await attributes.notifyPeerAboutOwnIdentityAttributeSuccession(tell)
                : await attributes.notifyPeerAboutRepositoryAttributeSuccession(tell);
        const known = await eventually(async () => {
            await tessera("sync");
            return (await tessera("attribute", "versions", held)).at(-1);
        }, (it) => it.content.value.value === "State library");
        assert.equal(known.succeeds, held);
        if (generation === "v6") assert.equal(known.id, told.successor.id);

        if (generation === "v7") await attributes.deleteAttributeAndNotify({ attributeId: successor.id });
        else await attributes.deleteOwnSharedAttributeAndNotifyPeer({ attributeId: told.successor.id });
        const deleted = await eventually(() => inWallet(tessera, known.id), (it) => it.deletionInfo !== undefined);
        assert.equal(deleted.deletionInfo.deletionStatus, "DeletedByEmitter");
        assert.equal((await inWallet(tessera, held)).deletionInfo.deletionStatus, "DeletedByEmitter");
    });

    test(`${generation}: each learns that the other has deleted what it was given`, async (t) => {
        const { tessera, profile, runtime } = await connected(t, generation);
        const { attributes } = runtime.consumption;
        // By the wallet.
        const held = await sharedByRuntime(tessera, profile, runtime, generation);
        await tessera("attribute", "delete", held);
        const mark = async () => {
            await runtime.transport.account.syncEverything();
            if (generation === "v6") return (await attributes.getAttribute({ id: held })).deletionInfo?.deletionStatus;
            const [details] = await attributes.getForwardingDetailsForAttribute({ attributeId: held });
            return details.deletionInfo?.deletionStatus;
        };
        await eventually(mark, (it) => it === byPeer);
        // By the runtime.
        const given = await sharedByWallet(tessera, profile, runtime);
        if (generation === "v7") await attributes.deleteAttributeAndNotify({ attributeId: given.held });
        else await attributes.deletePeerSharedAttributeAndNotifyOwner({ attributeId: given.held });
        const mine = await eventually(() => inWallet(tessera, given.id), (it) => it.shareInfo[0].deletionInfo !== undefined);
        assert.equal(mine.shareInfo[0].deletionInfo.deletionStatus, "DeletedByRecipient");
    });

    test(`${generation}: what belongs to the relationship is renewed and deleted on both sides`, async (t) => {
        const { tessera, profile, runtime } = await connected(t, generation);
        // So that the wallet knows what the runtime speaks.
        await sharedByWallet(tessera, profile, runtime);
        const items = [number(profile.address, "mine", "1"), number("", "yours", "2")].map((attribute) => ({
            "@type": "CreateAttributeRequestItem",
            mustBeAccepted: true,
            attribute
        }));
        const [mine, theirs] = (await ask(tessera, runtime, items, [{ accept: true }, { accept: true }])).map((it) => it.attributeId);
        const newer = await tessera("attribute", "succeed", mine, { "@type": "ProprietaryString", title: "Number", value: "3" });
        const told = await eventually(() => inRuntime(runtime, newer.id), (it) => it !== undefined);
        assert.deepEqual([told.content.value.value, told.succeeds], ["3", mine]);
        await tessera("attribute", "delete", newer.id);
        const deleted = await eventually(() => inRuntime(runtime, newer.id), (it) => it.deletionInfo !== undefined);
        assert.equal(deleted.deletionInfo.deletionStatus, byOwner);
        // The runtime's own, deleted by the wallet.
        await tessera("attribute", "delete", theirs);
        const kept = await eventually(() => inRuntime(runtime, theirs), (it) => it.deletionInfo !== undefined);
        assert.equal(kept.deletionInfo.deletionStatus, byPeer);
    });

    test(`${generation}: what the wallet has with others is shown to the runtime unless it is private`, async (t) => {
        const { url, tessera, profile, runtime } = await connected(t, generation);
        const energy = wallet(scratch(t));
        const third = await energy("profile", "create", "--name", "Energy", "--backbone", url, "--client", "test:test");
        const created = ["public", "protected", "private"].flatMap((confidentiality) =>
            [third.address, ""].map((owner) => ({
                "@type": "CreateAttributeRequestItem",
                mustBeAccepted: true,
                attribute: number(owner, confidentiality, `${confidentiality} of ${owner ? "energy" : "Ada"}`, confidentiality)
            }))
        );
        const template = await energy(
            "template",
            "create",
            "--content",
            { "@type": "RelationshipTemplateContent", onNewRelationship: { items: created } },
            "--expires-at",
            inOneHour()
        );
        const loaded = await tessera("template", "load", template.truncatedReference);
        const { response } = await tessera("request", "accept", loaded.requestId);
        const ids = response.content.items.map((it) => it.attributeId);
        await energy("sync");
        const [pending] = await energy("relationship", "list");
        await energy("relationship", "accept", pending.id);

        const read = (owner, key) => ({
            "@type": "ReadAttributeRequestItem",
            mustBeAccepted: false,
            query: { "@type": "ThirdPartyRelationshipAttributeQuery", owner, key, thirdParty: [third.address] }
        });
        const items = ["public", "protected", "private"].flatMap((key) => [read("thirdParty", key), read("recipient", key)]);
        const id = await askWallet(tessera, profile, runtime, items);
        const { form } = await tessera("request", "show", id);
        const offered = form.nodes.map((node) => node.ask.candidates.map((it) => [it.attributeId, it.isProtected ?? false]));
        assert.deepEqual(offered, [[[ids[0], false]], [[ids[1], false]], [[ids[2], true]], [[ids[3], true]], [], []]);
        const all = { items: ids.map((existingAttributeId) => ({ accept: true, existingAttributeId })) };
        await assert.rejects(tessera("request", "accept", id, "--decision", all), (error) =>
            assert.equal(error.code, "error.consumption.requests.attributeQueryMismatch") ?? true
        );
        for (const index of [4, 5]) all.items[index] = { accept: false, code: "private", message: "It stays between us." };
        await tessera("request", "accept", id, "--decision", all);
        const answers = await answeredInRuntime(runtime, id);
        assert.deepEqual(answers.map((it) => it["@type"]), [
            ...Array(4).fill("ReadAttributeAcceptResponseItem"),
            ...Array(2).fill("RejectResponseItem")
        ]);
        for (const held of ids.slice(0, 4)) {
            const known = await inRuntime(runtime, held);
            assert.equal(known.initialAttributePeer ?? known.shareInfo?.thirdPartyAddress ?? third.address, third.address);
            assert.deepEqual(known.content, (await inWallet(tessera, held)).content);
        }
        for (const held of ids.slice(4)) assert.equal(await inRuntime(runtime, held), undefined);

        // The wallet deletes what is energy's; whoever it was shown to learns of it.
        await sharedByWallet(tessera, profile, runtime);
        await tessera("attribute", "delete", ids[0]);
        const deleted = await eventually(() => inRuntime(runtime, ids[0]), (it) => it.deletionInfo !== undefined);
        assert.equal(deleted.deletionInfo.deletionStatus, generation === "v7" ? byOwner : byPeer);
        // The runtime deletes what it was shown.
        const { attributes } = runtime.consumption;
        if (generation === "v7") await attributes.deleteAttributeAndNotify({ attributeId: ids[2] });
        else await attributes.deleteThirdPartyRelationshipAttributeAndNotifyPeer({ attributeId: ids[2] });
        const mine = await eventually(
            () => inWallet(tessera, ids[2]),
            (it) => it.shareInfo.some((share) => share.deletionInfo !== undefined)
        );
        const [share] = mine.shareInfo.filter((it) => it.peer === runtime.address);
        assert.equal(share.deletionInfo.deletionStatus, "DeletedByRecipient");
    });

    test(`${generation}: the wallet reads what the runtime has with others, and deletes it`, async (t) => {
        const { url, tessera, profile, runtime } = await connected(t, generation);
        const energy = wallet(scratch(t));
        const third = await energy("profile", "create", "--name", "Energy", "--backbone", url, "--client", "test:test");
        const created = [third.address, ""].map((owner) => ({
            "@type": "CreateAttributeRequestItem",
            mustBeAccepted: true,
            attribute: number(owner, "contract", owner ? "energy's" : "the library's")
        }));
        const content = { "@type": "RelationshipTemplateContent", onNewRelationship: { items: created } };
        const template = await energy("template", "create", "--content", content, "--expires-at", inOneHour());
        await runtime.transport.relationshipTemplates.loadPeerRelationshipTemplate({ reference: template.truncatedReference });
        const offer = await eventually(
            () => requestInRuntime(runtime, "incomingRequests"),
            (it) => it?.status === "ManualDecisionRequired"
        );
        const accepted = await runtime.consumption.incomingRequests.accept({ requestId: offer.id, items: [{ accept: true }, { accept: true }] });
        const ids = accepted.response.content.items.map((it) => it.attributeId);
        await eventually(() => energy("sync").then(() => energy("relationship", "list")), (it) => it.length === 1);
        const [pending] = await energy("relationship", "list");
        await energy("relationship", "accept", pending.id);
        await runtime.transport.account.syncEverything();

        // So that the wallet knows what the runtime speaks.
        await sharedByWallet(tessera, profile, runtime);
        const items = ["thirdParty", "recipient"].map((owner) => ({
            "@type": "ReadAttributeRequestItem",
            mustBeAccepted: true,
            query: { "@type": "ThirdPartyRelationshipAttributeQuery", owner, key: "contract", thirdParty: [third.address] }
        }));
        const answers = await ask(
            tessera,
            runtime,
            items,
            ids.map((existingAttributeId) => ({ accept: true, existingAttributeId }))
        );
        assert.deepEqual(answers.map((it) => it.initialAttributePeer), [third.address, third.address]);
        for (const { attributeId, attribute } of answers) {
            const known = await inWallet(tessera, attributeId);
            assert.equal(known["@type"], "ThirdPartyRelationshipAttribute");
            assert.deepEqual(known.content, attribute);
            await tessera("attribute", "delete", attributeId);
            const mark = async () => {
                await runtime.transport.account.syncEverything();
                const { attributes } = runtime.consumption;
                if (generation === "v6") return (await attributes.getAttribute({ id: attributeId })).deletionInfo?.deletionStatus;
                const [details] = await attributes.getForwardingDetailsForAttribute({ attributeId });
                return details.deletionInfo?.deletionStatus;
            };
            await eventually(mark, (it) => it === byPeer);
        }
    });
}

test("v6: what only v6 asks is answered or rejected in its words", async (t) => {
    const { tessera, profile, runtime } = await connected(t, "v6");
    const items = [
        { "@type": "FreeTextRequestItem", mustBeAccepted: true, freeText: "What do you want to read?" },
        {
            "@type": "RegisterAttributeListenerRequestItem",
            mustBeAccepted: false,
            query: { "@type": "IdentityAttributeQuery", valueType: "GivenName" }
        }
    ];
    const id = await askWallet(tessera, profile, runtime, items);
    const decision = { items: [{ accept: true, freeText: "Poems." }, { accept: true }] };
    assert.equal((await tessera("request", "check", id, "--decision", decision)).items[1].isSuccess, false);
    decision.items[1] = { accept: false, code: "no.listener" };
    await tessera("request", "accept", id, "--decision", decision);
    const answers = await answeredInRuntime(runtime, id);
    assert.deepEqual(answers, (await requestInWallet(tessera, id)).response.content.items);
    assert.deepEqual(answers, [
        { "@type": "FreeTextAcceptResponseItem", result: "Accepted", freeText: "Poems." },
        { "@type": "RejectResponseItem", result: "Rejected", code: "no.listener" }
    ]);
    // And as a whole, by a reason for persons.
    const again = await askWallet(tessera, profile, runtime, items);
    await tessera("request", "reject", again, "--message", "Not now.");
    const rejected = await answeredInRuntime(runtime, again);
    assert.deepEqual(rejected.map((it) => [it["@type"], it.message]), Array(2).fill(["RejectResponseItem", "Not now."]));
});

test("v6: what is a value of its own only there is made of what the wallet has", async (t) => {
    const { tessera, profile, runtime } = await connected(t, "v6");
    const address = { recipient: "Ada", street: "Square", houseNo: "12", zipCode: "W1", city: "London", country: "GB" };
    const own = [];
    for (const value of [
        { "@type": "StreetAddress", ...address },
        { "@type": "GivenName", value: "Ada" },
        { "@type": "Surname", value: "Lovelace" }
    ]) {
        own.push((await tessera("attribute", "add", value)).id);
    }
    const items = ["City", "PersonName"].map((valueType) => ({
        "@type": "ReadAttributeRequestItem",
        mustBeAccepted: true,
        query: { "@type": "IdentityAttributeQuery", valueType }
    }));
    const id = await askWallet(tessera, profile, runtime, items);
    // What the form starts with.
    await tessera("request", "accept", id);
    const answers = await answeredInRuntime(runtime, id);
    assert.deepEqual(answers.map((it) => it.attribute.value), [
        { "@type": "City", value: "London" },
        { "@type": "PersonName", givenName: "Ada", surname: "Lovelace" }
    ]);
    for (const { attributeId, attribute } of answers) {
        assert.deepEqual((await inRuntime(runtime, attributeId)).content.value, attribute.value);
        const mine = await inWallet(tessera, attributeId);
        assert.deepEqual([mine.content.value, mine.shareInfo[0].peer], [attribute.value, runtime.address]);
    }
    // What was made of what is known on both ends of it.
    const derivation = (id) => tessera("attribute", "derivation", id);
    const ids = (entries) => entries.map((it) => it.attribute.id);
    const [[city, name], [home, ...names]] = [answers.map((it) => it.attributeId), own];
    assert.deepEqual(ids((await derivation(city)).sources), [home]);
    assert.deepEqual(ids((await derivation(name)).sources), names);
    const [given] = (await derivation(home)).derived;
    assert.deepEqual([given.attribute.id, given.attribute.sharedWith[0].peer], [city, runtime.address]);
    // The same again is there already.
    const again = await askWallet(tessera, profile, runtime, items);
    await tessera("request", "accept", again);
    const known = await answeredInRuntime(runtime, again);
    assert.deepEqual(
        known.map((it) => [it["@type"], it.attributeId]),
        answers.map((it) => ["AttributeAlreadySharedAcceptResponseItem", it.attributeId])
    );
});

test("v7: the wallet rejects with a reason for each item, and the runtime has it", async (t) => {
    const { tessera, profile, runtime } = await connected(t, "v7");
    const consent = { "@type": "ConsentRequestItem", mustBeAccepted: true, consent: "Yes?" };
    const id = await askWallet(tessera, profile, runtime, [{ "@type": "RequestItemGroup", items: [consent] }, consent]);
    const reasons = [{ accept: false, code: "a" }, { accept: false, message: "b" }];
    await tessera("request", "reject", id, "--decision", { items: [{ items: [reasons[0]] }, reasons[1]] });
    const [group, item] = await answeredInRuntime(runtime, id);
    assert.deepEqual([group.items[0].code, group.items[0].message, item.code, item.message], ["a", undefined, undefined, "b"]);
});
