// Attributes, Files and Requests between the wallet and enmeshed's own runtime: what several tests do to
// get from nothing to something that was shared.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { eventually, scratch } from "../lib/processes.mjs";

export const IN_A_YEAR = "2098-12-31T00:00:00.000Z";

export const valuesOf = (attributes, owner) =>
    attributes
        .filter((it) => it.content.owner === owner)
        .map((it) => `${it.content.value["@type"]}: ${it.content.value.value}`)
        .sort();

export async function ownOfRuntime(runtime, generation, type, value) {
    const content = { value: { "@type": type, value } };
    return generation === "v7"
        ? await runtime.consumption.attributes.createOwnIdentityAttribute({ content })
        : await runtime.consumption.attributes.createRepositoryAttribute({ content });
}

export async function fileOfRuntime(runtime) {
    const file = await runtime.transport.files.uploadOwnFile({
        content: { $bytes: Buffer.from("a certificate").toString("base64") },
        filename: "certificate.txt",
        mimetype: "text/plain",
        expiresAt: IN_A_YEAR,
        title: "Certificate"
    });
    return { id: file.id, reference: file.reference?.truncated ?? file.truncatedReference, token: file.ownershipToken };
}

export async function fileOfWallet(t, tessera) {
    const path = join(scratch(t), "certificate.txt");
    writeFileSync(path, "a certificate");
    const file = await tessera("file", "upload", path, "--mimetype", "text/plain", "--title", "Certificate", "--expires-at", IN_A_YEAR);
    return { id: file.id, reference: file.truncatedReference, token: file.ownershipToken };
}

export const requestInWallet = async (tessera, id) => {
    await tessera("sync");
    return (await tessera("request", "list")).find((it) => it.id === id);
};

export const requestInRuntime = async (runtime, which, id) => {
    await runtime.transport.account.syncEverything();
    return (await runtime.consumption[which].getRequests({})).find((it) => !id || it.id === id);
};

/** The runtime gives the wallet a name of its own, as the wallet then has it. */
export async function sharedByRuntime(tessera, profile, runtime, generation) {
    const own = await ownOfRuntime(runtime, generation, "DisplayName", "City library");
    const item = {
        "@type": "ShareAttributeRequestItem",
        mustBeAccepted: true,
        attribute: own.content,
        ...(generation === "v7" ? { attributeId: own.id } : { sourceAttributeId: own.id })
    };
    const draft = await runtime.consumption.outgoingRequests.create({ content: { items: [item] }, peer: profile.address });
    await runtime.transport.messages.sendMessage({ recipients: [profile.address], content: draft.content });
    await eventually(() => requestInWallet(tessera, draft.id), (it) => it?.status === "ManualDecisionRequired");
    await tessera("request", "accept", draft.id, "--decision", { items: [{ accept: true }] });
    await eventually(() => requestInRuntime(runtime, "outgoingRequests", draft.id), (it) => it.status === "Completed");
    const [held] = (await tessera("attribute", "list", "--all")).filter((it) => it.content.owner === runtime.address);
    return held.id;
}

/** The wallet gives the runtime a name of its own: its id here, and `held`, the id that the runtime knows it by. */
export async function sharedByWallet(tessera, profile, runtime) {
    const own = await tessera("attribute", "add", { "@type": "DisplayName", value: "Ada L." });
    const item = { "@type": "ShareAttributeRequestItem", mustBeAccepted: true, attribute: own.content, attributeId: own.id };
    const sent = await tessera("request", "send", "--to", runtime.address, "--content", { items: [item] });
    await eventually(() => requestInRuntime(runtime, "incomingRequests", sent.id), (it) => it?.status === "ManualDecisionRequired");
    await runtime.consumption.incomingRequests.accept({ requestId: sent.id, items: [{ accept: true }] });
    await eventually(() => requestInWallet(tessera, sent.id), (it) => it.status === "Completed");
    const held = (await runtime.consumption.attributes.getAttributes({})).find((it) => it.content.owner === profile.address);
    return { id: own.id, held: held.id };
}
