// Prints what the official parser finds wrong in AsyncAPI documents; exits 1 if that is anything.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const BAD = 0; // severity of errors
const parser = new Parser();
let failed = false;
for (const path of process.argv.slice(2)) {
  const { document, diagnostics } = await parser.parse(readFileSync(path, "utf-8"), { source: path });
  const errors = diagnostics.filter((found) => found.severity === BAD);
  for (const found of errors) console.log(`${path} ${found.path.join(".")}: ${found.message}`);
  failed ||= errors.length > 0 || document === undefined;
}
process.exit(failed ? 1 : 0);
