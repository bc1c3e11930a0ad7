import { describe, expect, it } from "vitest";
import { excluding } from "../../../src/workspaces/pathspec.ts";
import { makeRepository } from "../../helpers/repository.ts";

describe("excluding", () => {
  it.each(["node_modules", "a*b", "a[b]", "a?", "[", "***", "back\\slash", "-x", ":(top)x", "é"])(
    "leaves out exactly %j and what is below it, also where it is ignored",
    (path) => {
      const repository = makeRepository();
      repository.write({ [`${path}/inner`]: "", axb: "", ab: "", ".gitignore": "node_modules\n" });
      repository.git("add", "--all", "--", ".", ...excluding([path]));
      expect(repository.git("ls-files").split("\n")).toEqual([".gitignore", "ab", "axb"]);
    },
  );
});
