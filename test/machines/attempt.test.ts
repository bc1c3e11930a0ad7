import { describe, it } from "vitest";
import { attemptStories } from "./stories/attempt.ts";

describe("attempt", () => {
  for (const [title, story] of Object.entries(attemptStories)) it(title, story);
});
