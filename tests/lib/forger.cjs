// An organisation that offers whatever it is told to, also what no honest program would make. It seals
// and signs with the network's own library, so that the wallet under test finds nothing wrong with the
// envelope and has to deal with what is inside.
//
//   node forger.cjs BASE_URL CLIENT_ID CLIENT_SECRET
//
// in:  {"content":{…},"expiresAt":"…"}, one JSON line for each template; "<forger>" in it is its address
// out: {"reference":"…"}
// in:  {"file":{"title":"…","filename":"…","mimetype":"…","text":"…"},"expiresAt":"…"}
// out: {"reference":"…","ownershipToken":"…"}
"use strict";

const { createInterface } = require("node:readline");
const { createRequire } = require("node:module");
const { join } = require("node:path");

// Standard output carries the protocol alone.
console.log = console.info = console.debug = console.error;

const load = createRequire(join(__dirname, "../interop/v7/package.json"));
const { LokiJsConnection } = load("@js-soft/docdb-access-loki");
const { SimpleLoggerFactory } = load("@js-soft/simple-logger");
const { JSONWrapper } = load("@js-soft/ts-serval");
const { EventEmitter2EventBus } = load("@js-soft/ts-utils");
const { CoreDate } = load("@nmshd/core-types");
const { CoreBuffer } = load("@nmshd/crypto");
const { AccountController, Transport } = load("@nmshd/transport");
const { LogLevel } = load("typescript-logging");

async function main() {
    const [baseUrl, platformClientId, platformClientSecret] = process.argv.slice(2);
    const connection = LokiJsConnection.inMemory();
    const transport = new Transport(
        { baseUrl, platformClientId, platformClientSecret, allowIdentityCreation: true, supportedIdentityVersion: 1 },
        new EventEmitter2EventBus(() => undefined),
        new SimpleLoggerFactory(LogLevel.Fatal)
    );
    await transport.init();
    const account = await new AccountController(transport, await connection.getDatabase("forger"), transport.config).init();
    for await (const line of createInterface({ input: process.stdin })) {
        const { content, file, expiresAt } = JSON.parse(line.replaceAll("<forger>", account.identity.address.toString()));
        if (file) {
            const { text, ...about } = file;
            const sent = await account.files.sendFile({ ...about, buffer: CoreBuffer.fromUtf8(text), expiresAt: CoreDate.from(expiresAt) });
            const { ownershipToken } = sent;
            process.stdout.write(`${JSON.stringify({ reference: sent.toFileReference(baseUrl).truncate(), ownershipToken })}\n`);
            continue;
        }
        // Set afterwards: `from` would take the outermost @type away.
        const anything = JSONWrapper.from({});
        anything.value = content;
        const template = await account.relationshipTemplates.sendRelationshipTemplate({
            content: anything,
            expiresAt: CoreDate.from(expiresAt)
        });
        process.stdout.write(`${JSON.stringify({ reference: template.toRelationshipTemplateReference(baseUrl).truncate() })}\n`);
    }
    process.exit(0);
}

main().catch((error) => {
    process.stdout.write(`${JSON.stringify({ failed: String(error.stack ?? error) })}\n`);
    process.exit(1);
});
