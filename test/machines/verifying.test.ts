import { describe, it } from "vitest";
import { verifyingStories } from "./stories/verifying.ts";

describe("verifying", () => {
  for (const [title, story] of Object.entries(verifyingStories)) it(title, story);
});
