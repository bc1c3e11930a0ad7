import { readdirSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Marker, markerIn, readMarker, writeMarker } from "../../../src/workspaces/marker.ts";
import { tempDirectory } from "../../helpers/temp.ts";

const marker: Marker = {
  version: 1,
  runId: "run-1",
  top: "/p",
  prefix: "",
  objectFormat: "sha1",
  base: { tree: "4b825dc642cb6eb9a060e54bf8d69288fbee4904", commit: null },
  submodules: [{ path: "s", commit: "1".repeat(40) }],
  provided: ["node_modules"],
  linked: false,
  user: null,
};

describe("readMarker", () => {
  it("reads what was written, whole or not at all", async () => {
    const scratch = tempDirectory();
    expect(await readMarker(scratch)).toBeNull();
    await writeMarker(scratch, marker);
    expect(await readMarker(scratch)).toEqual(marker);
    expect(readdirSync(scratch)).toEqual(["workspace.json"]);
  });

  it.each(["", "{", "null", JSON.stringify({ ...marker, version: 2 })])("refuses %j", async (text) => {
    const scratch = tempDirectory();
    writeFileSync(markerIn(scratch), text);
    await expect(readMarker(scratch)).rejects.toMatchObject({ code: "workspace", field: markerIn(scratch) });
  });
});
