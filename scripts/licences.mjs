// Fails when a package of a lock file has a licence that Tessera can't be shipped with.
//
//   node scripts/licences.mjs ui/package-lock.json
//
// The packages of tests/interop are enmeshed's own (AGPL); they are run beside Tessera in tests and
// never shipped, so they are not looked at.
import { readFileSync } from "node:fs";

const allowed = new Set(["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0", "CC0-1.0", "ISC", "MIT", "MPL-2.0", "OFL-1.1", "Python-2.0", "Unlicense"]);
const { packages } = JSON.parse(readFileSync(process.argv[2], "utf8"));

const isAllowed = (licence = "none") =>
    licence.replace(/[()]/g, "").split(" OR ").some((choice) => choice.split(" AND ").every((part) => allowed.has(part.trim())));

const refused = Object.entries(packages).filter(([path, { license }]) => path !== "" && !isAllowed(license));
for (const [path, { license }] of refused) console.error(`${path}: ${license ?? "no licence named"}`);
console.log(`${Object.keys(packages).length - 1} packages, ${refused.length} refused`);
process.exitCode = refused.length > 0 ? 1 : 0;
