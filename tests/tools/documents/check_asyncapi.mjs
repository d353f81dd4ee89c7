// Prints what the official parser finds wrong in AsyncAPI documents; exits 1 if that is anything.
// Run in the folder where the tools are installed.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { Parser } = createRequire(`${process.cwd()}/`)("@asyncapi/parser");
const BAD = 1; // severity of errors (0) and warnings (1); below that is advice
const parser = new Parser();
let failed = false;
for (const path of process.argv.slice(2)) {
  const { document, diagnostics } = await parser.parse(readFileSync(path, "utf-8"), { source: path });
  const errors = diagnostics.filter((found) => found.severity <= BAD);
  for (const found of errors) console.log(`${path} ${found.path.join(".")}: ${found.message}`);
  failed ||= errors.length > 0 || document === undefined;
}
process.exit(failed ? 1 : 0);
