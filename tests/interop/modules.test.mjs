// enmeshed's published packages among themselves on the embedded Backbone, through every module of
// transport and of the runtime. Run by `./dev test`, or alone: node --test tests/interop/
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";

import { end, eventually, program, scratch } from "../lib/processes.mjs";

const members = createRequire(import.meta.url)("./members.cjs");

const inOneHour = () => new Date(Date.now() + 3_600_000).toISOString();
const truncated = (it) => it.reference?.truncated ?? it.truncatedReference;
const url = (it) => it.reference?.url ?? it.truncatedReference;
const anything = (value) => ({ "@type": "ArbitraryRelationshipTemplateContent", value });
const creationContent = { "@type": "ArbitraryRelationshipCreationContent", value: {} };

/** A Backbone as its own program; resolves with its base URL. */
async function backbone(t) {
    const args = ["--port", "0", "--data", join(scratch(t), "backbone.sqlite"), "--development", "--test-hooks"];
    args.push("--notification-code", "TestCode", "--max-message-recipients", "5");
    const child = spawn(program("tessera-backbone"), args, {
        stdio: ["ignore", "pipe", "inherit"],
        env: { ...process.env, RUST_LOG: process.env.RUST_LOG ?? "error" }
    });
    t.after(() => end(child));
    for await (const line of createInterface({ input: child.stdout })) return line.trim();
    throw new Error("the Backbone did not start");
}

/** A company and a user of these generations, and the Backbone. */
async function meeting(t, [company, user]) {
    const baseUrl = await backbone(t);
    const both = [await members.join(t, company, baseUrl), await members.join(t, user, baseUrl)];
    t.diagnostic(`@nmshd/runtime ${both[0].version} and ${both[1].version}`);
    return { baseUrl, company: both[0], user: both[1] };
}

async function asked(company, user) {
    const template = await company.transport.relationshipTemplates.createOwnRelationshipTemplate({ content: anything({}), expiresAt: inOneHour() });
    const seen = await user.transport.relationshipTemplates.loadPeerRelationshipTemplate({ reference: truncated(template) });
    const { id } = await user.transport.relationships.createRelationship({ templateId: seen.id, creationContent });
    await reaches(company, id, "Pending");
    return id;
}

async function connected(company, user) {
    const relationshipId = await asked(company, user);
    await company.transport.relationships.acceptRelationship({ relationshipId });
    await reaches(user, relationshipId, "Active");
    return relationshipId;
}

async function reaches(member, id, status, reason) {
    const seen = await eventually(
        async () => {
            await member.sync();
            const all = await member.transport.relationships.getRelationships({});
            return all.find((it) => it.id === id);
        },
        (it) => it?.status === status && (!reason || it.auditLog.at(-1).reason === reason)
    );
    return seen;
}

const received = (member, satisfies = () => true) =>
    eventually(
        async () => {
            await member.sync();
            const messages = await member.transport.messages.getMessages({});
            return messages.find((it) => !it.isOwn && satisfies(it)) ?? null;
        },
        (it) => it !== null
    );

const fails = (promise, code) => assert.rejects(promise, code ? { code } : undefined);

const SAME = [
    ["v7", "v7"],
    ["v6", "v6"]
];
const MIXED = [...SAME, ["v7", "v6"]];

for (const generations of MIXED) {
    const name = generations.join(" and ");

    test(`${name}: a relationship goes through every transition`, async (t) => {
        const { company, user } = await meeting(t, generations);
        const [ofCompany, ofUser] = [company.transport.relationships, user.transport.relationships];

        const rejected = { relationshipId: await asked(company, user) };
        await ofCompany.rejectRelationship(rejected);
        await reaches(user, rejected.relationshipId, "Rejected", "RejectionOfCreation");

        const revoked = { relationshipId: await asked(company, user) };
        await ofUser.revokeRelationship(revoked);
        await reaches(company, revoked.relationshipId, "Revoked", "RevocationOfCreation");

        const relationshipId = await connected(company, user);
        const it = { relationshipId };
        assert.equal((await ofUser.canCreateRelationship({ templateId: "RLTaaaaaaaaaaaaaaaaa" }).catch((error) => error)).code, "error.runtime.recordNotFound");
        await ofCompany.terminateRelationship(it);
        await reaches(user, relationshipId, "Terminated", "Termination");
        await ofUser.requestRelationshipReactivation(it);
        await reaches(company, relationshipId, "Terminated", "ReactivationRequested");
        await ofUser.revokeRelationshipReactivation(it);
        await reaches(company, relationshipId, "Terminated", "RevocationOfReactivation");
        await ofUser.requestRelationshipReactivation(it);
        await reaches(company, relationshipId, "Terminated", "ReactivationRequested");
        await ofCompany.rejectRelationshipReactivation(it);
        await reaches(user, relationshipId, "Terminated", "RejectionOfReactivation");
        await ofCompany.requestRelationshipReactivation(it);
        await reaches(user, relationshipId, "Terminated", "ReactivationRequested");
        await ofUser.acceptRelationshipReactivation(it);
        await reaches(company, relationshipId, "Active", "AcceptanceOfReactivation");
        await ofUser.terminateRelationship(it);
        await reaches(company, relationshipId, "Terminated", "Termination");
        await ofUser.decomposeRelationship(it);
        await reaches(company, relationshipId, "DeletionProposed", "Decomposition");
        await ofCompany.decomposeRelationship(it);
        assert.deepEqual((await ofUser.getRelationships({})).filter((one) => one.id === relationshipId), []);
        // Both can begin anew.
        await connected(company, user);
    });

    test(`${name}: messages with attachments, to several, read and unread`, async (t) => {
        const { baseUrl, company, user } = await meeting(t, generations);
        const other = await members.join(t, generations[1], baseUrl);
        await connected(company, user);
        await connected(company, other);
        const file = await company.transport.files.uploadOwnFile({
            content: new TextEncoder().encode("what is attached"),
            filename: "attached.txt",
            mimetype: "text/plain",
            expiresAt: inOneHour(),
            title: "Attached"
        });
        const mail = { "@type": "Mail", to: [user.address, other.address], cc: [], subject: "Hello", body: "to both of you" };
        const sent = await company.transport.messages.sendMessage({ recipients: [user.address, other.address], content: mail, attachments: [file.id] });
        for (const member of [user, other]) {
            const message = await received(member);
            assert.equal(message.id, sent.id);
            assert.equal(message.content.body, "to both of you");
            const attachment = await member.transport.messages.downloadAttachment({ id: message.id, attachmentId: file.id });
            assert.equal(new TextDecoder().decode(attachment.content), "what is attached");
            assert.equal((await member.transport.messages.markMessageAsRead({ id: message.id })).wasReadAt !== undefined, true);
            assert.equal((await member.transport.messages.markMessageAsUnread({ id: message.id })).wasReadAt, undefined);
        }
        const answer = { "@type": "Mail", to: [company.address], cc: [], subject: "Re: Hello", body: "hello back" };
        await user.transport.messages.sendMessage({ recipients: [company.address], content: answer });
        assert.equal((await received(company)).content.body, "hello back");
        await fails(user.transport.messages.sendMessage({ recipients: [other.address], content: { ...answer, to: [other.address] } }));
    });

    test(`${name}: templates with a limit, a password, for one person only, and deleted`, async (t) => {
        const { company, user } = await meeting(t, generations);
        const [ofCompany, ofUser] = [company.transport.relationshipTemplates, user.transport.relationshipTemplates];
        const make = (more) => ofCompany.createOwnRelationshipTemplate({ content: anything({}), expiresAt: inOneHour(), ...more });
        const load = (template, password) => ofUser.loadPeerRelationshipTemplate({ reference: url(template), password });

        const limited = await make({ maxNumberOfAllocations: 1 });
        await load(limited);
        const closed = await make({ passwordProtection: { password: "0471", passwordIsPin: true } });
        await fails(load(closed, "1111"), "error.runtime.recordNotFound");
        assert.equal((await load(closed, "0471")).createdBy, company.address);
        const personal = await make({ forIdentity: company.address });
        await fails(load(personal));
        assert.equal((await load(await make({ forIdentity: user.address }))).createdBy, company.address);
        const token = await ofCompany.createTokenForOwnRelationshipTemplate({ templateId: limited.id, passwordProtection: { password: "open" } });
        assert.equal((await load(token, "open")).id, limited.id);
        const deleted = await make({});
        await ofCompany.deleteRelationshipTemplate({ templateId: deleted.id });
        await fails(load(deleted), "error.runtime.recordNotFound");
        const short = await make({ expiresAt: new Date(Date.now() + 1000).toISOString() });
        await new Promise((done) => setTimeout(done, 1100));
        await fails(load(short), "error.runtime.recordNotFound");
    });

    test(`${name}: tokens with a password, for one person only, and deleted`, async (t) => {
        const { company, user } = await meeting(t, generations);
        const [ofCompany, ofUser] = [company.transport.tokens, user.transport.tokens];
        const content = { secret: "of both" };
        const make = (more) => ofCompany.createOwnToken({ content, expiresAt: inOneHour(), ephemeral: false, ...more });
        const load = (token, password) => ofUser.loadPeerToken({ reference: url(token), ephemeral: false, password });
        assert.deepEqual((await load(await make({}))).content, content);
        const closed = await make({ passwordProtection: { password: "a password" } });
        await fails(load(closed, "another"), "error.runtime.recordNotFound");
        assert.deepEqual((await load(closed, "a password")).content, content);
        await fails(load(await make({ forIdentity: company.address })));
        assert.deepEqual((await load(await make({ forIdentity: user.address }))).content, content);
        const seen = await company.anonymous.tokens.loadPeerToken({ reference: truncated(await make({})) });
        assert.deepEqual(seen.content, content);
        const deleted = await make({});
        await ofCompany.deleteToken({ tokenId: deleted.id });
        await fails(load(deleted), "error.runtime.recordNotFound");
    });

    test(`${name}: files are uploaded, loaded by others, and deleted`, async (t) => {
        const { company, user } = await meeting(t, generations);
        const content = Uint8Array.from({ length: 700_000 }, (_, index) => (index * index) % 251);
        const own = await company.transport.files.uploadOwnFile({ content, filename: "big.bin", mimetype: "application/octet-stream", expiresAt: inOneHour(), title: "Big" });
        assert.equal(own.isOwn, true);
        const seen = await user.transport.files.getOrLoadFile({ reference: truncated(own) });
        assert.equal(seen.isOwn, false);
        assert.equal(seen.title, "Big");
        const download = await user.transport.files.downloadFile({ id: seen.id });
        assert.deepEqual(Buffer.from(download.content), Buffer.from(content));
        const token = await company.transport.files.createTokenForFile({ fileId: own.id, passwordProtection: { password: "x y z" } });
        assert.equal((await user.transport.files.getOrLoadFile({ reference: url(token), password: "x y z" })).id, own.id);
        const renewed = await company.transport.files.regenerateFileOwnershipToken({ id: own.id });
        assert.notEqual(renewed.ownershipToken, own.ownershipToken);
        await company.transport.files.deleteFile({ fileId: own.id });
        await fails(user.transport.files.downloadFile({ id: seen.id }));
    });

    test(`${name}: an identity in deletion is seen, cancelled, and in the end gone`, async (t) => {
        const { baseUrl, company, user } = await meeting(t, generations);
        const id = await connected(company, user);
        const deletion = user.transport.identityDeletionProcesses;
        const peer = async (status) =>
            eventually(
                async () => {
                    await company.sync();
                    return (await company.transport.relationships.getRelationship({ id })).peerDeletionInfo?.deletionStatus;
                },
                (it) => it === status
            );
        const started = await deletion.initiateIdentityDeletionProcess({ lengthOfGracePeriodInDays: 2 });
        assert.equal((await deletion.getActiveIdentityDeletionProcess()).id, started.id);
        await peer("ToBeDeleted");
        await fails(user.transport.tokens.createOwnToken({ content: {}, expiresAt: inOneHour(), ephemeral: true }));
        await fails(deletion.initiateIdentityDeletionProcess({}));
        await deletion.cancelIdentityDeletionProcess();
        await peer(undefined);
        await user.transport.tokens.createOwnToken({ content: {}, expiresAt: inOneHour(), ephemeral: true });

        await deletion.initiateIdentityDeletionProcess({ lengthOfGracePeriodInDays: 0 });
        assert.equal((await fetch(`${baseUrl}/__test/runDeletionJob`, { method: "POST" })).status, 204);
        await peer("Deleted");
        assert.equal((await user.transport.account.checkIfIdentityIsDeleted()).isDeleted, true);
        assert.equal((await reaches(company, id, "DeletionProposed")).auditLog.at(-1).reason, "DecompositionDueToIdentityDeletion");
    });
}

for (const generations of SAME) {
    const generation = generations[0];

    test(`${generation}: two devices of one identity share what they know, also after a conflict`, async (t) => {
        const baseUrl = await backbone(t);
        const first = await members.join(t, generation, baseUrl);
        await first.sync();
        const second = await members.secondDevice(t, first, baseUrl);
        assert.equal(second.address, first.address);
        const devices = [first, second];
        await eventually(
            async () => {
                for (const device of devices) await device.sync();
                return Promise.all(devices.map(async (device) => (await device.transport.devices.getDevices()).length));
            },
            (counts) => counts.every((count) => count === 2)
        );

        const create = generation === "v7" ? "createOwnIdentityAttribute" : "createRepositoryAttribute";
        const add = (device, value) => device.consumption.attributes[create]({ content: { value: { "@type": "GivenName", value } } });
        const names = async (device) => {
            const all = await device.consumption.attributes.getAttributes({});
            return all.map((it) => it.content.value.value).sort();
        };
        const agree = (...expected) =>
            eventually(
                async () => {
                    for (const device of devices) await device.sync();
                    return Promise.all(devices.map(names));
                },
                (both) => both.every((list) => expected.every((value) => list.includes(value)))
            );
        await add(first, "Ada");
        await second.sync();
        await add(second, "Bea");
        await agree("Ada", "Bea");

        // What happens elsewhere reaches both, whichever of them fetches it.
        const other = await members.join(t, generation, baseUrl);
        const id = await connected(other, first);
        await reaches(second, id, "Active");
        await other.transport.messages.sendMessage({
            recipients: [first.address],
            content: { "@type": "Mail", to: [first.address], cc: [], subject: "Hello", body: "both of you" }
        });
        const message = await received(second);
        await first.sync();
        assert.equal((await first.transport.messages.getMessage({ id: message.id })).content.body, "both of you");

        // Of two that push at once one is refused, and nothing of it is stored. (Both runtimes forget what
        // they wanted to push before they look at the answer, so it stays on that device alone.)
        const values = ["Cleo", "Dora"];
        const added = await Promise.allSettled(devices.map((device, index) => add(device, values[index])));
        const taken = values.filter((_, index) => added[index].status === "fulfilled");
        const refused = added.filter((it) => it.status === "rejected");
        for (const { reason } of refused) assert.equal(reason.code, "error.platform.validation.datawallet.datawalletNotUpToDate");
        assert.ok(taken.length >= 1);
        await agree(...taken);
    });

    test(`${generation}: devices are named, told a language, and removed before their first login`, async (t) => {
        const baseUrl = await backbone(t);
        const first = await members.join(t, generation, baseUrl);
        const { devices, account } = first.transport;
        await first.sync();
        await devices.setCommunicationLanguage({ communicationLanguage: "de" });
        const own = (await devices.getDevices())[0];
        assert.equal((await devices.updateDevice({ id: own.id, name: "Mine" })).name, "Mine");
        const push = await account.registerPushNotificationToken({ handle: "0123456789", platform: "dummy", appId: "app" });
        assert.match(push.devicePushIdentifier, /^DPI[A-Za-z0-9]{17}$/);
        await account.unregisterPushNotificationToken();
        let id;
        if (generation === "v6") {
            ({ id } = await devices.createDevice({ name: "never used" }));
        } else {
            const empty = await first.anonymous.tokens.createEmptyToken();
            await devices.fillDeviceOnboardingTokenWithNewDevice({ reference: empty.reference.truncated });
            ({ id } = (await devices.getDevices()).find((it) => it.id !== own.id));
        }
        await devices.deleteDevice({ id });
        await first.sync();
        assert.deepEqual((await devices.getDevices()).map((it) => it.id), [own.id]);
    });

    test(`${generation}: a recovery kit brings the identity back`, async (t) => {
        const baseUrl = await backbone(t);
        const first = await members.join(t, generation, baseUrl);
        await first.sync();
        const kit = await first.transport.identityRecoveryKits.createIdentityRecoveryKit({
            profileName: "Ada",
            passwordProtection: { password: "a long password" }
        });
        assert.equal((await first.transport.identityRecoveryKits.checkForExistingIdentityRecoveryKit()).exists, true);
        const seen = await first.anonymous.tokens.loadPeerToken({ reference: truncated(kit), password: "a long password" });
        const restored = await members.join(t, generation, baseUrl, seen.content.sharedSecret);
        await restored.sync();
        assert.equal(restored.address, first.address);
        await first.sync();
        assert.equal((await first.transport.identityRecoveryKits.checkForExistingIdentityRecoveryKit()).exists, false);
    });

    test(`${generation}: attributes are shared, succeeded and deleted, and the peer is notified`, async (t) => {
        const { company, user } = await meeting(t, generations);
        await connected(company, user);
        const attributes = user.consumption.attributes;
        const isV7 = generation === "v7";
        const own = isV7
            ? await attributes.createOwnIdentityAttribute({ content: { value: { "@type": "EMailAddress", value: "ada@example.org" } } })
            : await attributes.createRepositoryAttribute({ content: { value: { "@type": "EMailAddress", value: "ada@example.org" } } });
        await (isV7 ? attributes.shareOwnIdentityAttribute : attributes.shareRepositoryAttribute)({ attributeId: own.id, peer: company.address });
        await received(company);
        const [request] = await eventually(
            () => company.consumption.incomingRequests.getRequests({}),
            (requests) => requests[0]?.status === "ManualDecisionRequired"
        );
        await company.consumption.incomingRequests.accept({ requestId: request.id, items: [{ accept: true }] });
        const held = async () => {
            await user.sync();
            await company.sync();
            const list = isV7 ? "getPeerAttributes" : "getPeerSharedAttributes";
            return company.consumption.attributes[list]({ peer: user.address });
        };
        const values = (list) => list.map((it) => it.content.value.value);
        await eventually(held, (list) => values(list).includes("ada@example.org"));
        await eventually(
            async () => {
                await user.sync();
                return (await user.consumption.outgoingRequests.getRequests({}))[0].status;
            },
            (status) => status === "Completed"
        );

        const successorContent = { value: { "@type": "EMailAddress", value: "ada@example.com" } };
        const { successor } = await (isV7 ? attributes.succeedOwnIdentityAttribute : attributes.succeedRepositoryAttribute)({
            predecessorId: own.id,
            successorContent
        });
        const notify = isV7 ? "notifyPeerAboutOwnIdentityAttributeSuccession" : "notifyPeerAboutRepositoryAttributeSuccession";
        const told = await attributes[notify]({ attributeId: successor.id, peer: company.address });
        await eventually(held, (list) => values(list).includes("ada@example.com"));
        const notification = await eventually(
            () => company.consumption.notifications.getNotification({ id: told.notificationId }),
            (it) => it.status === "Completed"
        );
        assert.equal(notification.isOwn, false);

        if (isV7) await attributes.deleteAttributeAndNotify({ attributeId: successor.id });
        else await attributes.deleteOwnSharedAttributeAndNotifyPeer({ attributeId: told.successor.id });
        await eventually(held, (list) => list.some((it) => it.deletionInfo));
    });

    test(`${generation}: requests by template and by message are accepted and rejected`, async (t) => {
        const { company, user } = await meeting(t, generations);
        const item = { "@type": "ConsentRequestItem", mustBeAccepted: true, consent: "I agree" };
        const content = { "@type": "RelationshipTemplateContent", onNewRelationship: { "@type": "Request", items: [item] } };
        const template = await company.transport.relationshipTemplates.createOwnRelationshipTemplate({ content, expiresAt: inOneHour() });
        await user.transport.relationshipTemplates.loadPeerRelationshipTemplate({ reference: truncated(template) });
        const decision = (index) =>
            eventually(
                async () => {
                    await user.sync();
                    return (await user.consumption.incomingRequests.getRequests({ query: { status: "ManualDecisionRequired" } }))[0];
                },
                (it) => it !== undefined
            ).then(({ id }) => user.consumption.incomingRequests[index]({ requestId: id, items: [{ accept: index === "accept" }] }));
        await decision("accept");
        const [pending] = await eventually(
            async () => {
                await company.sync();
                return company.transport.relationships.getRelationships({});
            },
            (list) => list.length === 1
        );
        await company.transport.relationships.acceptRelationship({ relationshipId: pending.id });
        await reaches(user, pending.id, "Active");
        for (const [answer, result] of [["accept", "Accepted"], ["reject", "Rejected"]]) {
            const request = await company.consumption.outgoingRequests.create({ content: { items: [item] }, peer: user.address });
            await company.transport.messages.sendMessage({ recipients: [user.address], content: request.content });
            await decision(answer);
            const completed = await eventually(
                async () => {
                    await user.sync();
                    await company.sync();
                    return company.consumption.outgoingRequests.getRequest({ id: request.id });
                },
                (it) => it.status === "Completed"
            );
            assert.equal(completed.response.content.result, result);
        }
    });

    test(`${generation}: a file changes hands on request`, async (t) => {
        const { company, user } = await meeting(t, generations);
        await connected(company, user);
        const file = await company.transport.files.uploadOwnFile({
            content: new TextEncoder().encode("a diploma"),
            filename: "diploma.txt",
            mimetype: "text/plain",
            expiresAt: inOneHour(),
            title: "Diploma"
        });
        const item = { "@type": "TransferFileOwnershipRequestItem", mustBeAccepted: true, fileReference: truncated(file), ownershipToken: file.ownershipToken };
        const request = await company.consumption.outgoingRequests.create({ content: { items: [item] }, peer: user.address });
        await company.transport.messages.sendMessage({ recipients: [user.address], content: request.content });
        const { id } = await eventually(
            async () => {
                await user.sync();
                return (await user.consumption.incomingRequests.getRequests({}))[0];
            },
            (it) => it?.status === "ManualDecisionRequired"
        );
        await user.consumption.incomingRequests.accept({ requestId: id, items: [{ accept: true }] });
        await eventually(
            async () => {
                await user.sync();
                await company.sync();
                return company.transport.files.getFile({ id: file.id });
            },
            (it) => it.isOwn === false
        );
    });

    test(`${generation}: challenges, tags, announcements, public templates and pushed texts`, async (t) => {
        const { company, user } = await meeting(t, generations);
        const relationship = await connected(company, user);
        const made = await user.transport.challenges.createChallenge({ challengeType: "Relationship", relationship });
        const challenge = { challengeString: made.challengeString, signature: made.signature };
        const checked = await company.transport.challenges.validateChallenge(challenge);
        assert.equal(checked.isValid, true);
        const changed = { ...challenge, challengeString: challenge.challengeString.replace("Relationship", "Relationshiq") };
        assert.notEqual((await company.transport.challenges.validateChallenge(changed).catch(() => ({}))).isValid, true);
        assert.deepEqual((await user.consumption.attributes.getAttributeTagCollection()).supportedLanguages, ["en"]);
        assert.deepEqual(await user.transport.announcements.getAnnouncements({ language: "de" }), []);
        assert.deepEqual(await user.transport.publicRelationshipTemplateReferences.getPublicRelationshipTemplateReferences(), []);
        if (generation === "v6") return;
        const send = (code) => company.transport.backboneNotifications.sendBackboneNotification({ recipients: [user.address], code });
        await send("TestCode");
        await fails(send("Unknown"), "error.platform.validation.notification.codeDoesNotExist");
    });
}
