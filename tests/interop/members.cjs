// enmeshed's own runtimes in this process, as they are published: identities that meet on a Backbone,
// and further devices of them.
"use strict";

const { createRequire } = require("node:module");
const { join } = require("node:path");

// Some packages tell what they do on the console.
console.log = console.info = console.debug = () => {};

const loaded = {};

/** The packages of a generation, "v7" or "v6". */
function packages(generation) {
    loaded[generation] ??= load(generation);
    return loaded[generation];
}

function load(generation) {
    const require = createRequire(join(__dirname, generation, "package.json"));
    const { LokiJsConnection } = require("@js-soft/docdb-access-loki");
    const { SimpleLoggerFactory } = require("@js-soft/simple-logger");
    const { ConsumptionController } = require("@nmshd/consumption");
    const { Runtime } = require("@nmshd/runtime");
    const { AccountController, DeviceSharedSecret } = require("@nmshd/transport");
    const { LogLevel } = require("typescript-logging");

    class Member extends Runtime {
        async createDatabaseConnection() {
            return LokiJsConnection.inMemory();
        }

        async initAccount() {
            const database = await this.databaseConnection.getDatabase("member");
            const account = await new AccountController(this.transport, database, this.transport.config).init(this.secret);
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

    const version = require("@nmshd/runtime/package.json").version;
    const quiet = () => new SimpleLoggerFactory(LogLevel.Fatal);
    return { Member, DeviceSharedSecret, quiet, version };
}

/** Calls that give the value, or throw an error with enmeshed's code. */
const checked = (services) =>
    new Proxy({}, {
        get: (_, facade) =>
            new Proxy({}, {
                get: (_, method) => async (args) => {
                    const result = await services()[facade][method](args);
                    if (!result.isError) return result.value;
                    const { code, message } = result.error;
                    throw Object.assign(new Error(`${facade}.${method}: ${code}: ${message}`), { code });
                }
            })
    });

/** A new identity, or with a device's secret that device of its identity. */
async function enter(t, generation, baseUrl, secret) {
    const { Member, DeviceSharedSecret, quiet, version } = packages(generation);
    const builtIn = (name) => ({ enabled: true, displayName: name, name, location: `@nmshd/runtime:${name}` });
    const runtime = new Member(
        {
            transportLibrary: {
                baseUrl,
                platformClientId: "test",
                platformClientSecret: "test",
                allowIdentityCreation: !secret,
                datawalletEnabled: true
            },
            modules: {
                decider: builtIn("DeciderModule"),
                request: builtIn("RequestModule"),
                message: builtIn("MessageModule"),
                notification: builtIn("NotificationModule")
            }
        },
        quiet()
    );
    if (secret) runtime.secret = DeviceSharedSecret.from(secret);
    await runtime.init();
    await runtime.start();
    t.after(() => runtime.stop());
    const transport = checked(() => runtime.services.transportServices);
    const consumption = checked(() => runtime.services.consumptionServices);
    const anonymous = checked(() => runtime.anonymousServices);
    const { address } = await transport.account.getIdentityInfo();
    const sync = () => transport.account.syncEverything();
    return { generation, version, address, transport, consumption, anonymous, sync };
}

/** A second device of a member, brought in as people do it: over a token. */
async function secondDevice(t, member, baseUrl) {
    const { transport, generation } = member;
    if (generation === "v6") {
        const device = await transport.devices.createDevice({ name: "second", isAdmin: true });
        const token = await transport.devices.createDeviceOnboardingToken({ id: device.id });
        const seen = await member.anonymous.tokens.loadPeerToken({ reference: token.truncatedReference });
        return enter(t, generation, baseUrl, seen.content.sharedSecret);
    }
    const empty = await member.anonymous.tokens.createEmptyToken();
    const reference = empty.reference.truncated;
    await transport.devices.fillDeviceOnboardingTokenWithNewDevice({ reference, isAdmin: true });
    const filled = await member.anonymous.tokens.loadPeerToken({ reference, password: empty.passwordProtection?.password });
    return enter(t, generation, baseUrl, filled.content.sharedSecret);
}

module.exports = { join: enter, secondDevice };
