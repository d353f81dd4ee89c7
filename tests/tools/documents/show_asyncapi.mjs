// Has the official HTML template show an AsyncAPI document: show_asyncapi.mjs FOLDER DOCUMENT
// Run in the folder where the tools are installed.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const Generator = createRequire(`${process.cwd()}/`)("@asyncapi/generator");
const [folder, path] = process.argv.slice(2);
const options = { forceWrite: true, templateParams: { singleFile: true } };
await new Generator("@asyncapi/html-template", folder, options).generateFromString(readFileSync(path, "utf-8"));
