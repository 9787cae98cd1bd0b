// Reads {rules: path, texts: {name: Markdown}} from stdin; writes [[name, line, rule, what, detail], …].
import { readFileSync } from "node:fs";
import { lint, readConfig } from "markdownlint/sync";

const { rules, texts } = JSON.parse(readFileSync(0, "utf8"));
const found = lint({ strings: texts, config: readConfig(rules) });
const told = Object.entries(found).flatMap(([name, list]) =>
  list.map((one) => [name, one.lineNumber, one.ruleNames[0], one.ruleDescription, one.errorDetail ?? ""]),
);
process.stdout.write(JSON.stringify(told));
