// enmeshed's own runtime as a process that is told what to do, one JSON line at a time.
//
//   node peer.cjs v7|v6 BASE_URL CLIENT_ID CLIENT_SECRET
//
// in:  {"id":1,"services":"transport"|"consumption","facade":"relationships","method":"getRelationships","args":{…}}
// out: {"id":1,"result":…} or {"id":1,"error":{"code":…,"message":…}}; first of all {"ready":{"address":…,"version":…}}
//
// The packages are used as they are published; nothing of them is replaced.
"use strict";

const { createInterface } = require("node:readline");
const { createRequire } = require("node:module");
const { join } = require("node:path");

const [generation, baseUrl, clientId, clientSecret] = process.argv.slice(2);
const load = createRequire(join(__dirname, generation, "package.json"));

const { LokiJsConnection } = load("@js-soft/docdb-access-loki");
const { SimpleLoggerFactory } = load("@js-soft/simple-logger");
const { ConsumptionController } = load("@nmshd/consumption");
const { Runtime } = load("@nmshd/runtime");
const { AccountController } = load("@nmshd/transport");
const { LogLevel } = load("typescript-logging");

class Peer extends Runtime {
    async createDatabaseConnection() {
        return LokiJsConnection.inMemory();
    }

    async initAccount() {
        const database = await this.databaseConnection.getDatabase("peer");
        const account = await new AccountController(this.transport, database, this.transport.config).init();
        const consumption = await new ConsumptionController(this.transport, account, {
            setDefaultOwnIdentityAttributes: true,
            setDefaultRepositoryAttributes: true
        }).init();
        this.services = await this.login(account, consumption);
    }

    getServices() {
        return this.services;
    }

    async getHealth() {
        return { isHealthy: true, services: {} };
    }

    async loadModule() {
        throw new Error("only the built-in modules are used");
    }
}

async function main() {
    const builtIn = (name) => ({ enabled: true, displayName: name, name, location: `@nmshd/runtime:${name}` });
    const runtime = new Peer(
        {
            transportLibrary: {
                baseUrl,
                platformClientId: clientId,
                platformClientSecret: clientSecret,
                allowIdentityCreation: true
            },
            modules: {
                decider: builtIn("DeciderModule"),
                request: builtIn("RequestModule"),
                message: builtIn("MessageModule"),
                notification: builtIn("NotificationModule")
            }
        },
        new SimpleLoggerFactory(process.env.PEER_LOG ? LogLevel.Debug : LogLevel.Fatal)
    );
    await runtime.init();
    await runtime.start();

    const identity = await runtime.services.transportServices.account.getIdentityInfo();
    const version = load("@nmshd/runtime/package.json").version;
    say({ ready: { address: identity.value.address, version } });

    for await (const line of createInterface({ input: process.stdin })) {
        const { id, services, facade, method, args } = JSON.parse(line, bytes);
        try {
            const owner = runtime.services[`${services}Services`][facade];
            const result = await owner[method](args ?? {});
            if (result.isError) say({ id, error: { code: result.error.code, message: result.error.message } });
            else say({ id, result: result.value === undefined ? null : result.value });
        } catch (error) {
            say({ id, error: { code: error.code ?? "exception", message: String(error.message ?? error) } });
        }
    }
    process.exit(0);
}

/** `{"$bytes":"base64"}` stands for bytes, which JSON has no word for. */
function bytes(_, value) {
    return typeof value?.$bytes === "string" ? Uint8Array.from(Buffer.from(value.$bytes, "base64")) : value;
}

// Standard output carries the protocol alone.
console.log = console.info = console.debug = console.error;

function say(message) {
    process.stdout.write(`${JSON.stringify(message)}\n`);
}

main().catch((error) => {
    say({ failed: { code: error.code ?? "exception", message: String(error.stack ?? error) } });
    process.exit(1);
});
