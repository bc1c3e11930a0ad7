import { describe, it } from "vitest";
import { callStories } from "./stories/call.ts";

describe("call", () => {
  for (const [title, story] of Object.entries(callStories)) it(title, story);
});
