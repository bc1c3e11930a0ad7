import type { Json } from "loopwright";
import { z } from "zod";
import { Spectrum } from "./spectrum.ts";

/** A single edit, two edits, or an edit in place of an accepted one. */
export const Kind = z.enum(["single", "pair", "stepBack"]);
export type Kind = z.infer<typeof Kind>;

/** What became of a candidate: it broke more than it mended, or mended nothing and broke nothing, or was never counted. */
export const Trial = z.strictObject({
  key: z.string(),
  kind: Kind,
  /** Number of the base it was tried on. */
  base: z.int(),
  verdict: z.enum(["worse", "neutral", "unknown"]),
  /** Digest of the failures it left; `null` when they were not told. */
  signature: z.string().nullable(),
});
export type Trial = z.infer<typeof Trial>;

const Edit = z.strictObject({ start: z.int(), end: z.int(), text: z.string() });

/** The candidate that was proposed last and not judged yet. */
export const Pending = z.strictObject({
  key: z.string(),
  kind: Kind,
  /** Digest of the sources with the candidate in them. */
  digest: z.string(),
  path: z.string(),
  place: z.string(),
  /** What the patch does, in words. */
  what: z.string(),
  /** Leads from the candidate back to its base. */
  undo: Edit,
  /** Each leads from the candidate to the text without one of its edits. */
  origins: z.array(Edit),
});
export type Pending = z.infer<typeof Pending>;

/** An edit that is in the base; `origin` leads from the base to the text without it. */
export const Accepted = z.strictObject({
  path: z.string(),
  place: z.string(),
  /** What the patch does, in words. */
  what: z.string(),
  origin: Edit,
  /** Whether it came alone: then the text without it was a base itself, and much was tried there already. */
  alone: z.boolean(),
});
export type Accepted = z.infer<typeof Accepted>;

/** The best tree so far, from which each candidate starts. */
export const Base = z.strictObject({
  number: z.int(),
  digest: z.string(),
  /** Failing tests as the verifier counted them; `null` until it has. */
  score: z.number().nullable(),
  /** Digest of the failures of the base itself, where they were told. */
  signature: z.string().nullable(),
  spectrum: Spectrum,
});
export type Base = z.infer<typeof Base>;

/** What the agent carries from turn to turn. */
export const Memory = z.strictObject({
  base: Base,
  accepted: z.array(Accepted),
  trials: z.array(Trial),
  pending: Pending.nullable(),
});
export type Memory = z.infer<typeof Memory>;

/** The agent's memory, or `null` at first and when it is not one of ours. */
export function readMemory(value: Json): Memory | null {
  const parsed = Memory.safeParse(value);
  return parsed.success ? parsed.data : null;
}
