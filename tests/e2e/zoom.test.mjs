// 400 % zoom: the page is 320 CSS pixels wide. Whatever is on it is reached by reading downwards, nothing
// stands beside the page, and nothing covers what has the focus: the form with every item, the own data,
// and a contact.
import assert from "node:assert/strict";
import { test } from "node:test";

import { content, everything } from "../lib/every-item.mjs";
import { focus, tabTo } from "../lib/keyboard.mjs";
import { eventually, scratch, startForger } from "../lib/processes.mjs";
import { choose, embeddedUrl, linkOf, makeProfile, organisation, readLink, startKeyring } from "../lib/support.mjs";
import { openWindow } from "../lib/window.mjs";

/** A narrow window, high and as low as it gets. */
const HEIGHTS = [640, 400];
/** From 100 % to 400 %, a fifth at a time. */
const STEPS = 15;

/** What reaches beyond the page, and what hides a part of itself beside it. */
const BEYOND = `
    const width = document.documentElement.clientWidth;
    const isScrolled = (element) => {
        for (let at = element; at && at !== document.body; at = at.parentElement) {
            const { overflowX, clipPath } = getComputedStyle(at);
            if (clipPath !== "none") return true;
            // What scrolls by itself: raw text only.
            if (at !== element && overflowX !== "visible" && at.matches("pre, .raw, .scroll")) return true;
        }
        return false;
    };
    const name = (element) => element.dataset.testid ?? element.className?.baseVal ?? (element.tagName + "." + element.className);
    const beyond = [...document.body.querySelectorAll("*")].filter((element) => {
        const box = element.getBoundingClientRect();
        return box.width > 0 && box.height > 0 && (box.right > width + 1 || box.left < -1) && !isScrolled(element);
    });
    const scrolling = [...document.querySelectorAll("html, body, main, main *")].filter(
        (element) => element.scrollWidth > element.clientWidth + 1 && ["auto", "scroll"].includes(getComputedStyle(element).overflowX) && !element.matches("pre, .raw, .scroll, textarea, input")
    );
    return [...new Set([...beyond, ...scrolling].map(name))].slice(0, 12);
`;

async function reflows(window, name) {
    for (const height of HEIGHTS) {
        await window.resize(320, height);
        assert.equal(await window.run("return innerWidth"), 320);
        await window.picture(`zoom-${name}-320x${height}`);
        assert.deepEqual(await window.run(BEYOND), [], `${name} reflows at 320 x ${height}`);
    }
    await window.resize(320, HEIGHTS[0]);
}

/** What can take the focus and is seen nowhere when it has it, because something stands before it. */
const COVERED = `
    const all = [...document.querySelectorAll("main a[href], main button, main input, main textarea, main select, main summary")];
    const covered = [];
    for (const element of all) {
        if (element.disabled || element.getClientRects().length === 0) continue;
        // A field under something drawn: that is what is seen.
        const shown = element.closest("label") ?? (element.type === "file" ? element.labels[0] : element);
        element.focus();
        if (document.activeElement !== element) continue;
        // As the window does it when a key brings the focus there.
        shown.scrollIntoView({ block: "nearest", behavior: "instant" });
        const boxes = [element, shown].map((one) => one.getBoundingClientRect());
        const isSeen = boxes.some((box) => {
            const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
            return [0.5, 0.1, 0.9].some((part) => {
                const hit = document.elementFromPoint(box.left + box.width / 2, top + (bottom - top) * part);
                return hit && (shown.contains(hit) || hit.contains(element) && hit.closest("label, .drop") === hit);
            });
        });
        if (!isSeen) covered.push(element.dataset.testid ?? element.outerHTML.slice(0, 80));
    }
    return [all.length, covered];
`;

/** Nothing stands before what has the focus. */
async function nothingCovers(window, name) {
    for (const height of HEIGHTS) {
        await window.resize(320, height);
        const [all, covered] = await window.run(COVERED);
        assert.ok(all > 0 && covered.length === 0, `${name} at 320 x ${height}: covered are ${covered}`);
    }
    await window.resize(1280, 800);
}

/** The same with the keys of a person, at 400 %. */
async function tabsThrough(window, name, most) {
    for (let step = 0; step < STEPS; step++) await window.press("Control+=");
    await eventually(() => window.run("return innerWidth"), (width) => width === 320);
    assert.deepEqual(await window.run(BEYOND), [], `${name} reflows at 400 %`);
    for (let stop = 0; stop < most; stop++) {
        await window.press("Tab");
        const isSeen = (at) => at.tag === "body" || (at.marked && at.seen > 0);
        const at = await eventually(() => focus(window), isSeen, 2).catch(() => focus(window));
        assert.ok(isSeen(at), `${name} at 400 %: the focus is seen on ${JSON.stringify(at)}`);
    }
    await window.press("Control+0");
    await eventually(() => window.run("return innerWidth"), (width) => width === 1280);
}

/** The person with a contact, whose page is open. */
async function begin(t, language) {
    await startKeyring(t);
    const data = `${scratch(t)}/data`;
    const window = await openWindow(data);
    t.after(() => window.close());
    await window.find("first-name", 30);
    await makeProfile(window, "Ada");
    await choose(window, { language, theme: "light" });
    await readLink(window, await linkOf(window, "rowing"));
    await window.click("code-open");
    await window.find("request-title", 60);
    await window.type("item-0-new-value", "Ada Augusta King-Noel, Countess of Lovelace");
    await window.click("request-accept");
    await window.find('=[data-testid="receipt"][data-accepted="true"]', 60);
    await window.click(await organisation(window, "rowing", "organisation-accept"), 30);
    await window.click("nav-contacts");
    await window.click('=[data-testid="contacts"] a');
    await window.find('=[data-testid="relationship-status"][data-status="Active"]', 60);
    await window.find('=[data-testid="contact-given"] dt');
    return { window, data };
}

/** The form with every item. */
async function openForm(t, window, data, language) {
    const forged = await startForger(t, embeddedUrl(data));
    const file = await forged.file({ title: "Library card", filename: "card.pdf", mimetype: "application/pdf", text: "a card" });
    await readLink(window, await forged(content(everything(language, file))));
    await window.click("code-open");
    await window.find("request-title", 60);
}

for (const language of ["en", "de"]) {
    test(`320 pixels are wide enough, ${language}`, async (t) => {
        const { window, data } = await begin(t, language);
        await reflows(window, `contact-${language}`);
        const bar = await window.run(`return document.querySelector('[data-testid="status-bar"]').getBoundingClientRect().height`);
        assert.ok(bar <= 34, `the status bar is one line, not ${bar} px high`);
        await nothingCovers(window, "contact");

        await window.click("nav-data");
        await window.find("attribute-DisplayName");
        await reflows(window, `data-${language}`);
        await nothingCovers(window, "my data");
        await window.click("attribute-DisplayName");
        await window.find("attribute-value");
        await reflows(window, `attribute-${language}`);
        await nothingCovers(window, "an attribute");

        await openForm(t, window, data, language);
        await reflows(window, `form-${language}`);
        for (const group of [0, 1, 2, 3]) {
            await window.scrollTo(`item-${group}.0`);
            await window.picture(`zoom-form-${language}-${group}`);
        }
        await nothingCovers(window, "the form");
    });
}

// The window is not resized here: the driver takes the focus from it then.
test("400 % zoom by keyboard", async (t) => {
    const { window, data } = await begin(t, "en");
    // From the page of a contact back to its row in the list: the focus shows in this direction, too.
    await tabTo(window, "contact-ask");
    const names = [];
    for (let step = 0; step < 30; step++) {
        await window.press("Shift+Tab");
        const at = await focus(window);
        if (at.tag !== "body") assert.ok(at.marked, `Shift+Tab shows the focus on ${JSON.stringify(at)}`);
        names.push(at.name);
    }
    assert.ok(names.some((name) => name?.startsWith("contact-did:")), `a row is among ${names}`);

    await tabsThrough(window, "contact", 45);
    await window.click("nav-data");
    await window.find("attribute-DisplayName");
    await tabsThrough(window, "my data", 30);
    await openForm(t, window, data, "en");
    await tabsThrough(window, "the form", 150);
});
