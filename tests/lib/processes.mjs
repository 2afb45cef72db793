// The programs under test as a test uses them: the Backbone, the command-line wallet, the runtime peer.
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
export const root = resolve(here, "../..");
const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
export const program = (name) => join(target, process.env.TESSERA_PROFILE ?? "debug", name);

/** A folder that is gone at the end of the test. */
export function scratch(t) {
    const folder = mkdtempSync(join(tmpdir(), "tessera-test-"));
    t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
    return folder;
}

/** Starts the Backbone as its own program; resolves with its base URL once it answers. */
export async function startBackbone(t, folder, { port = 0 } = {}) {
    const child = spawn(program("tessera-backbone"), ["--port", String(port), "--data", join(folder, "backbone.sqlite")], {
        stdio: ["ignore", "pipe", "inherit"],
        env: { ...process.env, RUST_LOG: process.env.RUST_LOG ?? "error" }
    });
    t.after(() => end(child));
    for await (const line of createInterface({ input: child.stdout })) {
        const url = /https?:\/\/\S+/.exec(line)?.[0];
        if (url) return { url: url.replace(/\/$/, ""), child };
    }
    throw new Error(`the Backbone ended with ${child.exitCode} before it was ready`);
}

/** Ends a process and waits for it. */
export async function end(child) {
    if (child.exitCode !== null || child.signalCode) return;
    const gone = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    const force = setTimeout(() => child.kill("SIGKILL"), 5000);
    await gone;
    clearTimeout(force);
}

/** A wallet without a window. Calls answer with the parsed JSON, or throw with the wallet's code. */
export function wallet(folder) {
    const passphrase = join(folder, "passphrase");
    writeFileSync(passphrase, "a passphrase for tests", { mode: 0o600 });
    const data = join(folder, "wallet");

    /** `call("template", "load", reference)`; an object argument becomes a JSON file. */
    return async function call(...words) {
        const args = words.map((word, i) => {
            if (typeof word !== "object") return String(word);
            const file = join(folder, `argument-${Date.now()}-${i}.json`);
            writeFileSync(file, JSON.stringify(word));
            return file;
        });
        const { code, stdout, stderr } = await new Promise((done) =>
            execFile(
                program("tessera"),
                ["--data", data, "--passphrase-file", passphrase, ...args],
                { timeout: 60_000, env: { ...process.env, RUST_LOG: "off" } },
                (error, stdout, stderr) => done({ code: error ? (error.code ?? 1) : 0, stdout, stderr })
            )
        );
        if (code === 0) return JSON.parse(stdout);
        let failure;
        try {
            failure = JSON.parse(stderr.trim().split("\n").at(-1)).error;
        } catch {
            throw new Error(`tessera ${words[0]} ${words[1]} ended with ${code}: ${stderr}`);
        }
        throw Object.assign(new Error(`${failure.code}: ${failure.message}`), { code: failure.code, exitCode: code });
    };
}

/** enmeshed's own runtime (generation "v7" or "v6") with a new identity at the Backbone. */
export async function startPeer(t, generation, baseUrl) {
    const child = spawn(process.execPath, [join(root, "tests/interop/peer.cjs"), generation, baseUrl, "test", "test"], {
        stdio: ["pipe", "pipe", process.env.PEER_LOG ? "inherit" : "ignore"]
    });
    t.after(() => end(child));
    const waiting = new Map();
    let ready;
    const isReady = new Promise((done, fail) => (ready = { done, fail }));
    createInterface({ input: child.stdout }).on("line", (line) => {
        const message = JSON.parse(line);
        if (message.ready) return ready.done(message.ready);
        if (message.failed) return ready.fail(new Error(message.failed.message));
        const { done, fail } = waiting.get(message.id);
        waiting.delete(message.id);
        if (message.error) fail(Object.assign(new Error(`${message.error.code}: ${message.error.message}`), message.error));
        else done(message.result);
    });
    child.once("exit", (code) => {
        const error = new Error(`the runtime ended with ${code}`);
        ready.fail(error);
        for (const { fail } of waiting.values()) fail(error);
    });

    let last = 0;
    const facades = (services) =>
        new Proxy({}, {
            get: (_, facade) =>
                new Proxy({}, {
                    get: (_, method) => (args) =>
                        new Promise((done, fail) => {
                            const id = ++last;
                            waiting.set(id, { done, fail });
                            child.stdin.write(`${JSON.stringify({ id, services, facade, method, args })}\n`);
                        })
                })
        });
    const { address, version } = await isReady;
    return { address, version, transport: facades("transport"), consumption: facades("consumption") };
}

/**
 * An organisation at the Backbone that offers anything at all; resolves with
 * `offer(content, { expiresAt })`, which answers with the reference. `<forger>` in it becomes its address.
 */
export async function startForger(t, baseUrl) {
    const child = spawn(process.execPath, [join(here, "forger.cjs"), baseUrl, "test", "test"], {
        stdio: ["pipe", "pipe", process.env.PEER_LOG ? "inherit" : "ignore"]
    });
    t.after(() => end(child));
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const ask = async (what, expiresAt = new Date(Date.now() + 3_600_000)) => {
        child.stdin.write(`${JSON.stringify({ ...what, expiresAt: expiresAt.toISOString() })}\n`);
        const { value, done } = await lines.next();
        if (done) throw new Error("the forger ended");
        const { failed, ...answer } = JSON.parse(value);
        if (failed) throw new Error(failed);
        return answer;
    };
    const offer = async (content, { expiresAt } = {}) => (await ask({ content }, expiresAt)).reference;
    // A File of its own: `{ title, filename, mimetype, text }` gives `{ reference, ownershipToken }`.
    offer.file = (file) => ask({ file });
    return offer;
}

/** Asks again until the answer satisfies; fails with the last answer after `seconds`. */
export async function eventually(ask, satisfies, seconds = 20) {
    const stop = Date.now() + seconds * 1000;
    for (;;) {
        const answer = await ask();
        if (satisfies(answer)) return answer;
        if (Date.now() > stop) throw new Error(`still ${JSON.stringify(answer)} after ${seconds} s`);
        await new Promise((done) => setTimeout(done, 100));
    }
}
