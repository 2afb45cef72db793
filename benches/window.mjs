// What a person waits for, and what the window costs, beside an empty Tauri window in the same run.
//
//   cargo build --release --features e2e --bin tessera-desktop --example empty-window
//   xvfb-run -a dbus-run-session -- node benches/window.mjs [--runs 5]
//
// Start times count from the start of the process; "paint" is the page's first contentful paint,
// "usable" the moment at which the first screen of an existing profile takes input. "Frame to form" counts
// from handing the page a picture with a code to the painted consent form. Memory is PSS of all
// processes, so that shared pages count once.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

process.env.TESSERA_PROFILE ??= "release";
const { makeProfile, pictureOfCode, startKeyring } = await import("../tests/lib/support.mjs");
const { openWindow } = await import("../tests/lib/window.mjs");
const { program } = await import("../tests/lib/processes.mjs");

const flag = process.argv.indexOf("--runs");
const runs = flag < 0 ? 5 : Number(process.argv[flag + 1]);
const cleanups = [];
await startKeyring({ after: (cleanup) => cleanups.push(cleanup) });

/** Milliseconds since 1970 at which a process began, exact to the kernel's tick of 10 ms. */
function startOf(pid) {
    const ticks = Number(readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "").split(" ")[19]);
    const boot = Number(/^btime (\d+)/m.exec(readFileSync("/proc/stat", "utf8"))[1]);
    const uptime = Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]);
    // btime is exact to the second only; uptime is exact to 10 ms.
    const exactBoot = Date.now() - uptime * 1000;
    return (Math.abs(exactBoot - boot * 1000) < 2000 ? exactBoot : boot * 1000) + ticks * 10;
}

const isOf = (pid, name) => {
    try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")[0].endsWith(name);
    } catch {
        return false;
    }
};

function memory(window) {
    let kilobytes = 0;
    for (const pid of window.processes()) {
        try {
            kilobytes += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))[1]);
        } catch {
            // It ended meanwhile.
        }
    }
    return kilobytes / 1024;
}

async function startTimes(window, name) {
    const pid = window.processes().find((it) => isOf(it, name));
    const began = startOf(pid);
    const origin = await window.run("return performance.timeOrigin");
    const paint = await window.run("return performance.getEntriesByName('first-contentful-paint')[0]?.startTime");
    const usable = await window.run("return performance.getEntriesByName('tessera:usable')[0]?.startTime");
    return { paint: origin + paint - began, usable: usable === null || usable === undefined ? undefined : origin + usable - began };
}

const figures = new Map();
const note = (name, value) => value !== undefined && figures.set(name, [...(figures.get(name) ?? []), value]);

for (let run = 0; run < runs; run++) {
    const folder = mkdtempSync(join(tmpdir(), "tessera-measure-"));
    try {
        let window = await openWindow(folder, {}, "examples/empty-window");
        await window.find("=h1");
        note("empty window: paint [ms]", (await startTimes(window, "empty-window")).paint);
        await new Promise((done) => setTimeout(done, 1500));
        note("empty window: memory [MB]", memory(window));
        await window.close();

        window = await openWindow(folder);
        await makeProfile(window, "Ada");
        const png = await pictureOfCode(window, "rowing");
        await window.click("nav-scan");
        await window.find("scan-file");
        const frameToForm = window.runAsync(
            `const done = arguments[arguments.length - 1];
             window.addEventListener("tessera-frame", () => {
                 const began = performance.now();
                 const look = () => {
                     document.querySelector('[data-testid="code-open"]')?.click();
                     if (document.querySelector('[data-testid="request-title"]')) {
                         requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
                     } else requestAnimationFrame(look);
                 };
                 look();
             }, { once: true });
             setTimeout(() => {
                 const bytes = Uint8Array.from(atob(arguments[0]), (c) => c.charCodeAt(0));
                 const transfer = new DataTransfer();
                 transfer.items.add(new File([bytes], "code.png", { type: "image/png" }));
                 const field = document.querySelector('[data-testid="scan-file"]');
                 field.files = transfer.files;
                 window.dispatchEvent(new Event("tessera-frame"));
                 field.dispatchEvent(new Event("change", { bubbles: true }));
             }, 0);`,
            png
        );
        note("frame to form [ms]", await frameToForm);
        await window.close();

        // The second start opens an existing profile: that is what a person sees every day.
        window = await openWindow(folder);
        await window.find("nav-scan", 30);
        const times = await startTimes(window, "tessera-desktop");
        note("tessera: paint [ms]", times.paint);
        note("tessera: usable [ms]", times.usable);
        await new Promise((done) => setTimeout(done, 1500));
        note("tessera: memory [MB]", memory(window));
        await window.close();
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

for (const [name, values] of figures) {
    const sorted = values.toSorted((a, b) => a - b);
    const show = (value) => value.toFixed(0).padStart(6);
    console.log(`${name.padEnd(28)} min ${show(sorted[0])}  median ${show(sorted[sorted.length >> 1])}  max ${show(sorted.at(-1))}`);
}
console.log(`program: ${(readFileSync(program("tessera-desktop")).length / 1e6).toFixed(1)} MB, empty: ${(readFileSync(program("examples/empty-window")).length / 1e6).toFixed(1)} MB`);
for (const cleanup of cleanups) await cleanup();
