import { describe, it } from "vitest";
import { effectStories } from "./stories/effect.ts";

describe("effect", () => {
  for (const [title, story] of Object.entries(effectStories)) it(title, story);
});
