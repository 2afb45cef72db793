// enmeshed's own runtime at the same work as the wallet, timed inside its own process.
//
//   node runtime.cjs BASE_URL ATTRIBUTES FOLDER   then a line of JSON for each piece of work on standard input
//
// out: {"ready":true}, then for {"reference":URL}, a template to answer, {"form":ms,"check":ms,"accept":ms,
// "saved":ms}, and for {"sync":true} {"sync":ms,"saved":ms,"messages":all,"changes":all}. Its database is the one it comes with: in memory, written as a whole to a file in FOLDER every five seconds. "accept" is
// over when the answer is in memory, "saved" when it is in the file too.
"use strict";

const { createInterface } = require("node:readline");
const { createRequire } = require("node:module");
const { join } = require("node:path");

const [baseUrl, attributes, folder] = process.argv.slice(2);
const load = createRequire(join(__dirname, "../tests/interop/v7/package.json"));
const { LokiJsConnection } = load("@js-soft/docdb-access-loki");
const { SimpleLoggerFactory } = load("@js-soft/simple-logger");
const { ConsumptionController, ConsumptionIds, OwnIdentityAttribute } = load("@nmshd/consumption");
const { IdentityAttribute } = load("@nmshd/content");
const { CoreDate } = load("@nmshd/core-types");
const { Runtime } = load("@nmshd/runtime");
const { AccountController } = load("@nmshd/transport");
const { LogLevel } = load("typescript-logging");

console.log = console.info = console.debug = console.error;
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const TYPES = ["GivenName", "Surname", "DisplayName", "EMailAddress", "JobTitle"];

class Person extends Runtime {
    async createDatabaseConnection() {
        return LokiJsConnection.fileSystem(folder);
    }
    async initAccount() {
        this.database = await this.databaseConnection.getDatabase("person");
        this.account = await new AccountController(this.transport, this.database, this.transport.config).init();
        this.consumption = await new ConsumptionController(this.transport, this.account, {
            setDefaultOwnIdentityAttributes: true
        }).init();
        this.login_ = await this.login(this.account, this.consumption);
    }
    getServices() {
        return this.login_;
    }
    async getHealth() {
        return { isHealthy: true, services: {} };
    }
    async loadModule() {
        throw new Error("only the built-in modules are used");
    }
}

async function timed(work) {
    const start = performance.now();
    const result = await work();
    return [performance.now() - start, result];
}

const median = (times) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)];

async function main() {
    const person = new Person(
        {
            transportLibrary: { baseUrl, platformClientId: "test", platformClientSecret: "test", allowIdentityCreation: true },
            modules: {
                decider: { enabled: true, displayName: "d", name: "d", location: "@nmshd/runtime:DeciderModule" },
                request: { enabled: true, displayName: "r", name: "r", location: "@nmshd/runtime:RequestModule" }
            }
        },
        new SimpleLoggerFactory(LogLevel.Fatal)
    );
    await person.init();
    await person.start();
    const owner = person.account.identity.address.toString();
    for (let number = 0; number < Number(attributes); number++) {
        const type = TYPES[number % TYPES.length];
        const value = type === "EMailAddress" ? `ada${number}@example.org` : `Ada ${number}`;
        const content = IdentityAttribute.from({ owner, value: { "@type": type, value } });
        const controller = person.consumption.attributes;
        if (number < TYPES.length) await controller.createOwnIdentityAttribute({ content });
        // Stored as the controller does it, without its search for a default, which takes minutes.
        else {
            const id = await ConsumptionIds.attribute.generate();
            await controller.attributes.create(OwnIdentityAttribute.from({ id, createdAt: CoreDate.utc(), content }));
        }
    }
    async function synced() {
        const [took, result] = await timed(() => transport.account.syncEverything());
        if (result.isError) throw new Error(result.error.message);
        const [save] = await timed(() => new Promise((done) => person.database.db.saveDatabase(done)));
        const messages = (await transport.messages.getMessages({})).value.length;
        const relationships = (await transport.relationships.getRelationships({})).value;
        const changes = relationships.map((one) => one.auditLog.length).reduce((sum, more) => sum + more, 0);
        return { sync: took, saved: took + save, messages, changes };
    }
    const { transportServices: transport, consumptionServices: consumption, dataViewExpander } = person.login_;
    say({ ready: true });
    for await (const line of createInterface({ input: process.stdin })) {
        const { reference, sync } = JSON.parse(line);
        if (sync) {
            say(await synced());
            continue;
        }
        await transport.relationshipTemplates.loadPeerRelationshipTemplate({ reference });
        let request;
        while (request?.status !== "ManualDecisionRequired") {
            const found = await consumption.incomingRequests.getRequests({});
            request = found.value.find((one) => one.status === "ManualDecisionRequired");
            await new Promise((done) => setTimeout(done, 20));
        }
        const own = (await consumption.attributes.getOwnIdentityAttributes({})).value;
        const answer = (item) =>
            item.items
                ? { items: item.items.map(answer) }
                : { accept: true, existingAttributeId: own.find((it) => it.content.value["@type"] === item.query.valueType).id };
        const params = { requestId: request.id, items: request.content.items.map(answer) };
        // The form takes it seconds with many Attributes: once is enough.
        const [form] = await timed(async () =>
            dataViewExpander.expandLocalRequestDTO((await consumption.incomingRequests.getRequest({ id: request.id })).value)
        );
        const check = [];
        for (let times = 0; times < 3; times++) {
            const [ms, outcome] = await timed(() => consumption.incomingRequests.canAccept(params));
            if (!outcome.value?.isSuccess) throw new Error(`it can't be accepted: ${outcome.error?.message ?? outcome.value?.message}`);
            check.push(ms);
        }
        const [accept, accepted] = await timed(() => consumption.incomingRequests.accept(params));
        if (accepted.isError) throw new Error(accepted.error.message);
        const [save] = await timed(() => new Promise((done) => person.database.db.saveDatabase(done)));
        say({ form, check: median(check), accept, saved: accept + save });
    }
    process.exit(0);
}

main().catch((error) => {
    say({ failed: String(error.stack ?? error) });
    process.exit(1);
});
