import { describe, it } from "vitest";
import { recoveryStories } from "./stories/recovery.ts";

describe("recovery", () => {
  for (const [title, story] of Object.entries(recoveryStories)) it(title, story);
});
