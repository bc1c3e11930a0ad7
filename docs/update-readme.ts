import { readFileSync, writeFileSync } from "node:fs";
import { exitCodes } from "../src/cli/exit-codes.ts";

// Puts into the README what it quotes: files as they are, and the table of exit codes. A test proves it fresh.

const quote = /(<!-- file: ([^>]+) -->\n```\w+\n)[\s\S]*?```/g;
const table = /(<!-- table: exit codes -->\n)[\s\S]*?\n\n/;

const rows = Object.values(exitCodes).map(({ code, meaning }) => `| ${code} | ${meaning} |`);
const readme = readFileSync("README.md", "utf8")
  .replace(quote, (_all, head: string, file: string) => `${head}${readFileSync(file, "utf8")}\`\`\``)
  .replace(table, (_all, head: string) => `${head}| code | meaning |\n| --- | --- |\n${rows.join("\n")}\n\n`);
writeFileSync("README.md", readme);
