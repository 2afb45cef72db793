// Where the wallet and enmeshed's own runtime meet: what the tests of both need.
import { eventually, scratch, startBackbone, startPeer, wallet } from "./processes.mjs";

export const inOneHour = () => new Date(Date.now() + 3_600_000).toISOString();

/** A Backbone and a wallet on it. */
export async function backboneAndWallet(t, name = "Ada") {
    const folder = scratch(t);
    const { url } = await startBackbone(t, folder);
    const tessera = wallet(folder);
    const profile = await tessera("profile", "create", "--name", name, "--backbone", url, "--client", "test:test");
    return { url, tessera, profile };
}

/** A wallet and a runtime whose Relationship is Active; the wallet asked for it. */
export async function connected(t, generation) {
    const { url, tessera, profile } = await backboneAndWallet(t);
    const runtime = await startPeer(t, generation, url);
    const template = await runtime.transport.relationshipTemplates.createOwnRelationshipTemplate({
        content: {
            "@type": "RelationshipTemplateContent",
            onNewRelationship: {
                "@type": "Request",
                items: [{ "@type": "ConsentRequestItem", mustBeAccepted: true, consent: "We get to know each other." }]
            }
        },
        expiresAt: inOneHour()
    });
    const loaded = await tessera("template", "load", template.reference?.url ?? template.truncatedReference);
    await tessera("request", "accept", loaded.requestId);
    const pending = await eventually(() => statusInRuntime(runtime), (it) => it?.status === "Pending");
    await runtime.transport.relationships.acceptRelationship({ relationshipId: pending.id });
    await eventually(() => statusInWallet(tessera), (it) => it.status === "Active");
    return { url, tessera, profile, runtime, relationshipId: pending.id };
}

export const statusInRuntime = async (runtime) => {
    await runtime.transport.account.syncEverything();
    return (await runtime.transport.relationships.getRelationships({}))[0];
};

export const statusInWallet = async (tessera) => {
    await tessera("sync");
    return (await tessera("relationship", "list"))[0];
};
