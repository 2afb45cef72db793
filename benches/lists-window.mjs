// How long the long lists take in the real window, for a wallet after a long life: from the click to the
// first rows on the page, and the frames while it is scrolled.
//
//   cargo build --release --features e2e --bin tessera-desktop
//   cargo bench -p tessera-wallet --bench lists --no-run     # says where the program is
//   xvfb-run -a node benches/lists-window.mjs FOLDER PROGRAM
//
// FOLDER keeps the data, so that it is filled (by PROGRAM, in some minutes) only the first time. The core
// alone is measured by `crates/wallet/benches/lists.rs`.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

process.env.TESSERA_PROFILE ??= "release";
const { openWindow } = await import("../tests/lib/window.mjs");

const PLACES = ["contacts", "messages", "data", "inbox"];
const RUNS = 9;
const STEPS = 240;
/** More than half a page in each frame. */
const BY = 400;
/** The measuring program opens the wallet as well, and there it needs something that it can be told. */
const PASSWORD = "only to measure with";
/** Without a keyring, the password alone opens the wallet. */
const ALONE = { DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent" };

const OPEN = `
    const [place, done] = arguments;
    const began = performance.now();
    document.querySelector('[data-testid="nav-' + place + '"]').click();
    const look = () => {
        if (performance.now() - began > 30_000) done(null);
        else if (document.querySelector("[data-row] :is(a, button)")) requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
        else setTimeout(look);
    };
    look();`;
const SCROLL = `
    const [steps, by, done] = arguments;
    const isLong = (one) => one.scrollHeight > one.clientHeight && /auto|scroll/.test(getComputedStyle(one).overflowY);
    const box = [...document.querySelectorAll("main, main *")].filter(isLong).sort((a, b) => b.scrollHeight - a.scrollHeight)[0];
    const frames = [];
    let last = performance.now();
    const step = () => {
        const now = performance.now();
        frames.push(now - last);
        last = now;
        box.scrollTop += by;
        if (frames.length <= steps) requestAnimationFrame(step);
        else done(frames.slice(1));
    };
    requestAnimationFrame(step);`;

function line(name, times) {
    const sorted = times.toSorted((a, b) => a - b);
    const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))].toFixed(0).padStart(5);
    console.log(`${name.padEnd(24)} median ${at(0.5)}  p95 ${at(0.95)}  worst ${at(1)}`);
}

const [folder, fill] = process.argv.slice(2);
if (!existsSync(join(folder, "profile"))) {
    const window = await openWindow(folder, ALONE);
    await window.find("first-name", 30);
    await window.type("first-name", "Ada");
    await window.type("first-password", PASSWORD);
    await window.type("first-password-repeat", PASSWORD);
    await window.click("first-create");
    await window.find("nav-scan", 60);
    await window.close();
    const env = { ...process.env, TESSERA_BENCH_WALLET: join(folder, "profile"), TESSERA_BENCH_PASSWORD: PASSWORD };
    // It fills the wallet, and measures only what has this name: nothing.
    execFileSync(fill, ["nothing"], { stdio: "inherit", env });
}

const window = await openWindow(folder, ALONE);
try {
    await window.find("unlock-password", 60);
    await window.type("unlock-password", PASSWORD);
    await window.click("unlock");
    await window.find("nav-scan", 120);
    console.log("milliseconds");
    for (const place of PLACES) {
        const times = [];
        for (let run = 0; run < RUNS; run++) {
            await window.click("nav-settings");
            await sleep(500);
            times.push(await window.runAsync(OPEN, place));
        }
        if (times.includes(null)) throw new Error(`${place} shows no rows`);
        line(`${place}: opened`, times);
        line(`${place}: a frame, scrolling`, await window.runAsync(SCROLL, STEPS, BY));
    }
} finally {
    await window.close();
}
