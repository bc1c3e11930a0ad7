import { describe, it } from "vitest";
import { gateStories } from "./stories/gate.ts";

describe("gate", () => {
  for (const [title, story] of Object.entries(gateStories)) it(title, story);
});
