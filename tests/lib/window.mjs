// Drives the real window over W3C WebDriver, spoken to WebKitWebDriver directly.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { end, program, root } from "./processes.mjs";

const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
export const pictures = process.env.TESSERA_PICTURES ?? join(root, "tests/out");
const axe = readFileSync(join(root, "tests/node_modules/axe-core/axe.min.js"), "utf8");

const freePort = () =>
    new Promise((done) => {
        const server = createServer().listen(0, "127.0.0.1", () => {
            const { port } = server.address();
            server.close(() => done(port));
        });
    });

/** Starts a program with its data in `folder`, perhaps with a link as argument, and drives its window. */
export async function openWindow(folder, environment = {}, name = "tessera-desktop", args = []) {
    const port = await freePort();
    const driver = spawn("WebKitWebDriver", ["--host=127.0.0.1", `--port=${port}`], {
        stdio: ["ignore", "ignore", process.env.WINDOW_LOG ? "inherit" : "ignore"],
        env: {
            ...process.env,
            TAURI_WEBVIEW_AUTOMATION: "true",
            // Without a GPU the page starts faster and smaller this way.
            WEBKIT_DISABLE_DMABUF_RENDERER: "1",
            TESSERA_DATA: folder,
            ...environment
        }
    });
    const call = async (method, path, body) => {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
            method,
            body: body === undefined ? undefined : JSON.stringify(body),
            signal: AbortSignal.timeout(60_000)
        }).catch((error) => {
            throw new Error(`${method} ${path} ${JSON.stringify(body)?.slice(0, 200) ?? ""}: ${error.message}`);
        });
        const { value } = await answer.json();
        if (!answer.ok) throw new Error(`${method} ${path}: ${value?.error}: ${value?.message}`);
        return value;
    };
    for (let tries = 0; ; tries++) {
        try {
            await call("GET", "/status");
            break;
        } catch (error) {
            if (tries > 100) throw error;
            await sleep(50);
        }
    }
    const capabilities = { alwaysMatch: { "webkitgtk:browserOptions": { binary: program(name), args } } };
    const { sessionId } = await call("POST", "/session", { capabilities });
    return new Window(driver, call, `/session/${sessionId}`);
}

export class Window {
    constructor(driver, call, session) {
        Object.assign(this, { driver, call, session });
    }

    /** The element with this test id (or, starting with `=`, this CSS selector); waits for it. */
    async find(name, seconds = 15) {
        const value = name.startsWith("=") ? name.slice(1) : `[data-testid="${name}"]`;
        for (const stop = Date.now() + seconds * 1000; ; ) {
            try {
                return (await this.call("POST", `${this.session}/element`, { using: "css selector", value }))[ELEMENT];
            } catch (error) {
                if (Date.now() > stop) {
                    const page = await this.run("return document.body.innerText").catch(() => "");
                    throw new Error(`${value} does not appear within ${seconds} s; the page says:\n${page}\n${error.message}`);
                }
                await sleep(50);
            }
        }
    }

    async has(name) {
        const value = name.startsWith("=") ? name.slice(1) : `[data-testid="${name}"]`;
        return (await this.call("POST", `${this.session}/elements`, { using: "css selector", value })).length > 0;
    }

    click(name, seconds) {
        return this.use(name, "click", {}, seconds);
    }

    /** Does something with an element that a person could do now: `click`, `clear`, or `value`, which types. */
    async use(name, what, body, seconds) {
        for (const stop = Date.now() + 10_000; ; ) {
            try {
                return await this.call("POST", `${this.session}/element/${await this.find(name, seconds)}/${what}`, body);
            } catch (error) {
                // The page was drawn anew between finding and using.
                if (Date.now() > stop || !/stale|not interactable|intercepted/.test(error.message)) throw error;
                // The driver scrolls only what lies outside the window, not what a bar of the page covers.
                await this.scrollTo(name);
                await sleep(50);
            }
        }
    }

    async scrollTo(name) {
        const value = name.startsWith("=") ? name.slice(1) : `[data-testid="${name}"]`;
        await this.run("document.querySelector(arguments[0])?.scrollIntoView({ block: 'center' })", value);
    }

    async type(name, text) {
        await this.use(name, "value", { text });
    }

    async clear(name) {
        await this.use(name, "clear", {});
    }

    async text(name) {
        return this.call("GET", `${this.session}/element/${await this.find(name)}/text`);
    }

    /** Waits until the element's text satisfies a regular expression. */
    async reads(name, expression, seconds = 15) {
        let text;
        for (const stop = Date.now() + seconds * 1000; Date.now() < stop; await sleep(50)) {
            text = await this.text(name).catch(() => undefined);
            if (text !== undefined && expression.test(text)) return text;
        }
        throw new Error(`${name} reads ${JSON.stringify(text)}, not ${expression}`);
    }

    run(script, ...args) {
        return this.call("POST", `${this.session}/execute/sync`, { script, args });
    }

    runAsync(script, ...args) {
        return this.call("POST", `${this.session}/execute/async`, { script, args });
    }

    /** Presses keys one after the other, wherever the focus is: `"Tab"`, `"a"`, `"Control+Shift+S"`. */
    async press(...keys) {
        const names = { Tab: "\uE004", Enter: "\uE007", Escape: "\uE00C", Space: " ", Shift: "\uE008", Control: "\uE009", ArrowLeft: "\uE012", ArrowUp: "\uE013", ArrowRight: "\uE014", ArrowDown: "\uE015" };
        const actions = keys.flatMap((key) => {
            const held = key.length > 1 ? key.split("+").map((name) => names[name] ?? name) : [key];
            return [
                ...held.map((value) => ({ type: "keyDown", value })),
                ...held.reverse().map((value) => ({ type: "keyUp", value }))
            ];
        });
        await this.call("POST", `${this.session}/actions`, { actions: [{ type: "key", id: "keyboard", actions }] });
    }

    /** Drags with the mouse from one point of the page to another. */
    async drag(from, to) {
        const move = ({ x, y }, duration) => ({ type: "pointerMove", duration, x, y, origin: "viewport" });
        const actions = [move(from, 0), { type: "pointerDown", button: 0 }, move(to, 200), { type: "pointerUp", button: 0 }];
        await this.call("POST", `${this.session}/actions`, { actions: [{ type: "pointer", id: "mouse", parameters: { pointerType: "mouse" }, actions }] });
    }

    /** Puts the window away, as the button in its frame does. */
    async minimize() {
        await this.call("POST", `${this.session}/window/minimize`, {});
    }

    async resize(width, height) {
        await this.call("POST", `${this.session}/window/rect`, { width, height });
        for (let tries = 0; tries < 40; tries++) {
            if ((await this.run("return innerWidth")) === width) return;
            await sleep(50);
        }
    }

    /**
     * A picture of the window as a person sees it, under tests/out. Taken off the display: the driver's
     * own screenshots sometimes wait for ever when nothing on the page moves.
     */
    async picture(name) {
        const [x, y, width, height] = await this.runAsync(`
            const done = arguments[arguments.length - 1];
            const size = () => done([Math.max(0, screenX), Math.max(0, screenY), innerWidth, innerHeight]);
            setTimeout(size, 500);
            const rested = () => Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
            requestAnimationFrame(() => rested().then(() => requestAnimationFrame(() => requestAnimationFrame(size))));
        `);
        mkdirSync(pictures, { recursive: true });
        const area = `${width}x${height}+${x}+${y}`;
        execFileSync("import", ["-silent", "-window", "root", "-crop", area, "+repage", join(pictures, `${name}.png`)]);
    }

    /** What an automated accessibility scan finds wrong on the page as it stands. */
    async violations() {
        // Scripts of the driver are not subject to the page's policy.
        await this.run(`if (!window.axe) { ${axe} }`);
        return this.runAsync(`
            const done = arguments[arguments.length - 1];
            window.axe.run(document, { resultTypes: ["violations"] }).then(
                ({ violations }) => done(violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.slice(0, 3).map(({ html, failureSummary }) => ({ html, failureSummary })) }))),
                (error) => done([{ id: "scan failed", help: String(error), nodes: [] }])
            );
        `);
    }

    /** The processes of the program; the driver leaves them running when a session ends. */
    processes() {
        const parents = new Map();
        for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
            try {
                const stat = readFileSync(`/proc/${entry}/stat`, "utf8").replace(/^.*\) /s, "");
                parents.set(Number(entry), Number(stat.split(" ")[1]));
            } catch {
                // It ended while we looked.
            }
        }
        const found = [];
        for (const todo = [this.driver.pid]; todo.length > 0; ) {
            const parent = todo.pop();
            for (const [child, its] of parents) if (its === parent) found.push(child), todo.push(child);
        }
        return found;
    }

    /** Kills the program as a crash does: nothing is asked, nothing is saved. */
    async kill() {
        for (const pid of this.processes()) {
            try {
                process.kill(pid, "SIGKILL");
            } catch {
                // It ended by itself.
            }
        }
        await this.close();
    }

    /** Closes the window and waits until all its processes are gone. */
    async close() {
        const processes = this.processes();
        await this.call("DELETE", this.session).catch(() => {});
        await end(this.driver);
        for (let tries = 0; tries < 100; tries++) {
            const alive = processes.filter((pid) => {
                try {
                    process.kill(pid, tries < 60 ? "SIGTERM" : "SIGKILL");
                    return true;
                } catch {
                    return false;
                }
            });
            if (alive.length === 0) return;
            await sleep(50);
        }
    }
}
