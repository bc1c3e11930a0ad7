import { mkdirSync, realpathSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { digestBytes } from "../../../src/base/digest.ts";
import { contractText, defineLoop, moduleFiles } from "../../../src/contract/index.ts";
import { agent, answers, toolNamed, verifierOf } from "../../helpers/contract.ts";
import { writeFiles } from "../../helpers/repository.ts";
import { tempDirectory } from "../../helpers/temp.ts";

const loop = defineLoop(answers);

const folderOf = (files: Record<string, string>): string => {
  const folder = realpathSync(tempDirectory("contract"));
  writeFiles(folder, files);
  return folder;
};

const modules = {
  "contract.ts": 'import { a } from "./parts/a.ts";\nexport * from "./b.js";\n',
  "parts/a.ts": 'import "../deep.mjs";\nimport { readFile } from "node:fs";\n',
  "b.js": 'const { c } = require("./c.cjs");\nconst later = import("./d.ts");\n',
  "c.cjs": "",
  "d.ts": 'import data from "./data.json" with { type: "json" };',
  "data.json": "{}",
  "deep.mjs": 'export { a } from "./parts/a.ts";\n',
  "beside.ts": "",
};
const { "beside.ts": _beside, ...imported } = modules;

describe("moduleFiles", () => {
  it("follows relative imports of every kind, in circles too, and no others", () => {
    const folder = folderOf(modules);
    const expected = Object.keys(imported).map((name) => join(folder, name));
    expect(moduleFiles(join(folder, "contract.ts"))).toEqual(expected.sort());
  });

  it("passes over what is not there, folders, and what no path can be", () => {
    const text =
      'import "./missing.ts";\n// import "./folder" from "./" or "../" and import "./%zz", "./a%2Fb"\n';
    const folder = folderOf({ "contract.ts": text, "folder/x.ts": "" });
    expect(moduleFiles(join(folder, "contract.ts"))).toEqual([join(folder, "contract.ts")]);
    expect(moduleFiles(join(folder, "nothing.ts"))).toEqual([]);
  });

  it("reads a path as Node does: escapes, queries, and links where they lead", () => {
    const folder = folderOf({
      "contract.ts": 'import "./my%20part.ts";\nimport "./versioned.ts?v=2";\nimport "./link.ts";\n',
      "my part.ts": "",
      "versioned.ts": "",
      "elsewhere/real.ts": 'import "./beside.ts";',
      "elsewhere/beside.ts": "",
    });
    symlinkSync("elsewhere/real.ts", join(folder, "link.ts"));
    const names = ["contract.ts", "elsewhere/beside.ts", "elsewhere/real.ts", "my part.ts", "versioned.ts"];
    expect(moduleFiles(join(folder, "contract.ts"))).toEqual(names.map((name) => join(folder, name)));
  });

  it("leaves this package's own files to the digest of the chart", () => {
    const own = join(import.meta.dirname, "../../../src/contract/index.ts");
    const folder = folderOf({ "contract.ts": `import ${JSON.stringify(join("..", own))};` });
    expect(moduleFiles(join(folder, "contract.ts"))).toEqual([join(folder, "contract.ts")]);
    expect(moduleFiles(own)).toEqual([]);
  });
});

describe("contractText", () => {
  const digest = (folder: string) => digestBytes(contractText(loop, join(folder, "contract.ts")));

  it("changes with each module that the contract imports, and with no other file", () => {
    const folder = folderOf(modules);
    const seen = new Set([digest(folder)]);
    writeFiles(folder, { "beside.ts": "changed", "notes.txt": "new" });
    expect(seen).toContain(digest(folder));
    for (const name of Object.keys(imported)) {
      const text = modules[name as keyof typeof modules];
      writeFiles(folder, { [name]: `${text} ` });
      expect(seen).not.toContain(digest(folder));
      seen.add(digest(folder));
    }
  });

  it("stays the same elsewhere, and through a link", () => {
    const folder = folderOf(modules);
    const before = digest(folder);
    const moved = join(realpathSync(tempDirectory("moved")), "to");
    renameSync(folder, moved);
    mkdirSync(folder);
    expect(digest(moved)).toBe(before);
    symlinkSync(join(moved, "contract.ts"), join(folder, "contract.ts"));
    expect(digest(folder)).toBe(before);
  });

  it("is the same for contracts that say the same, without any file", () => {
    expect(contractText(defineLoop({ ...answers }))).toBe(contractText(loop));
    expect(JSON.parse(contractText(loop)).files).toEqual({});
  });

  it.each([
    ["name", { name: "other" }],
    ["agent", { agent: { ...agent, name: "other" } }],
    ["agent's reach", { agent: { ...agent, containment: "none" } }],
    ["limit", { continue: { limits: { steps: 3 } } }],
    ["verifier", { verify: { ...answers.verify, goal: [verifierOf("human")] } }],
    [
      "verifier's reach",
      { verify: { ...answers.verify, goal: [{ ...verifierOf("check"), containment: "none" }] } },
    ],
    ["retry rule", { retry: { failuresInARow: 2 } }],
    ["tool", { tools: { put: toolNamed("put"), get: toolNamed("get") } }],
    ["tool's kind", { tools: { put: { ...toolNamed("put"), effect: "read" } } }],
    ["policy", { escalate: { policy: [{ tool: "put", answer: "ask" }] } }],
    ["policy's condition", { escalate: { policy: [{ tool: "put", answer: "ask", when: () => true }] } }],
  ])("changes with the contract's %s", (_what, changes) => {
    expect(contractText(defineLoop({ ...answers, ...changes } as never))).not.toBe(contractText(loop));
  });

  it("tells conditions apart by their text", () => {
    const withCondition = (when: () => boolean) =>
      contractText(defineLoop({ ...answers, escalate: { policy: [{ tool: "put", answer: "ask", when }] } }));
    expect(withCondition(() => true)).not.toBe(withCondition(() => false));
  });

  it("sees changes that leave the length of a file alone", () => {
    const folder = folderOf({ "contract.ts": "1" });
    const before = digest(folder);
    writeFileSync(join(folder, "contract.ts"), "2");
    expect(digest(folder)).not.toBe(before);
  });
});
