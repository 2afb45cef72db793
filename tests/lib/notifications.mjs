// What programs ask the desktop to show, as everybody on the session's bus can see it.
import { spawn } from "node:child_process";

import { end, eventually } from "./processes.mjs";

/** Watches the session's bus from now on; `calls()` gives the texts of each notification, as the bus writes them. */
export async function watchNotifications(t) {
    const rule = "interface='org.freedesktop.Notifications',member='Notify'";
    const monitor = spawn("dbus-monitor", ["--session", rule], { stdio: ["ignore", "pipe", "inherit"] });
    t.after(() => end(monitor));
    let output = "";
    monitor.stdout.on("data", (data) => (output += data));
    // It says so when it has begun to watch.
    await eventually(() => output, (text) => text.includes("NameLost"));
    const calls = () => output.split(/^method call /m).slice(1).filter((call) => call.includes("member=Notify"));
    return { calls };
}
