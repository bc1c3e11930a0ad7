import { describe, it } from "vitest";
import { loopStories } from "./stories/loop.ts";

describe("loop", () => {
  for (const [title, story] of Object.entries(loopStories)) it(title, story);
});
