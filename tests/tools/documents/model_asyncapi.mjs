// Has Modelina write the TypeScript types of AsyncAPI documents: model_asyncapi.mjs FOLDER DOCUMENT…
// Prints the names of all types, by document. Run in the folder where the tools are installed.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";

const { TypeScriptGenerator } = createRequire(`${process.cwd()}/`)("@asyncapi/modelina");
const [folder, ...paths] = process.argv.slice(2);
const names = {};
for (const path of paths) {
  const api = basename(path, ".json");
  const generator = new TypeScriptGenerator({ modelType: "interface", enumType: "union" });
  const models = await generator.generateCompleteModels(JSON.parse(readFileSync(path, "utf-8")), {
    moduleSystem: "ESM",
    exportType: "named",
  });
  mkdirSync(join(folder, api), { recursive: true });
  for (const model of models) writeFileSync(join(folder, api, `${model.modelName}.ts`), model.result);
  names[api] = models.map((model) => model.modelName);
}
console.log(JSON.stringify(names));
