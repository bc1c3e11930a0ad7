import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { reportBytesMax } from "../../../../src/verifiers/limits.ts";
import { reportFile } from "../../../../src/verifiers/reports/file.ts";

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "file-")));
  mkdirSync(join(root, "tree/out"), { recursive: true });
  writeFileSync(join(root, "outside.xml"), "outside");
});
afterEach(() => rmSync(root, { recursive: true }));

const tree = (path = ""): string => join(root, "tree", path);
const report = reportFile("out/report.xml");

describe("reportFile", () => {
  it("reads the report and takes it away", async () => {
    writeFileSync(tree("out/report.xml"), "<x/>");
    expect(await report.take(tree())).toBe("<x/>");
    expect(existsSync(tree("out/report.xml"))).toBe(false);
  });

  it("removes what lay there before", async () => {
    writeFileSync(tree("out/report.xml"), "old");
    await report.clear(tree());
    expect(await report.take(tree())).toBeNull();
  });

  it("is content with a folder that is not there", async () => {
    rmSync(tree("out"), { recursive: true });
    await report.clear(tree());
    expect(await report.take(tree())).toBeNull();
  });

  it("does not follow a link in its place", async () => {
    symlinkSync(join(root, "outside.xml"), tree("out/report.xml"));
    expect(await report.take(tree())).toBeNull();
    expect(readFileSync(join(root, "outside.xml"), "utf8")).toBe("outside");
  });

  it("neither reads nor removes through a folder that is a link", async () => {
    symlinkSync(root, tree("link"));
    const through = reportFile("link/outside.xml");
    await through.clear(tree());
    expect(await through.take(tree())).toBeNull();
    expect(existsSync(join(root, "outside.xml"))).toBe(true);
  });

  it("does not read a flood, nor a folder", async () => {
    writeFileSync(tree("out/report.xml"), "");
    truncateSync(tree("out/report.xml"), reportBytesMax + 1);
    expect(await report.take(tree())).toBeNull();
    mkdirSync(tree("out/report.xml"));
    expect(await report.take(tree())).toBeNull();
  });
});
