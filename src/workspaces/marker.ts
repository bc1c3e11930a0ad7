import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { LoopwrightError } from "../base/errors.ts";

const Who = z.strictObject({ name: z.string(), email: z.string() });

/** What a workspace is made of. Written last when one is made, so a half-made one has none. */
export const Marker = z.strictObject({
  version: z.literal(1),
  runId: z.string(),
  top: z.string(),
  /** From the top of the repository to the project: "" or "a/b/". */
  prefix: z.string(),
  objectFormat: z.enum(["sha1", "sha256"]),
  base: z.strictObject({ tree: z.string(), commit: z.string().nullable() }),
  /** Submodules of the base; paths in bytes. */
  submodules: z.array(z.strictObject({ path: z.string(), commit: z.string() })),
  /** Paths from the top that the runtime provides. */
  provided: z.array(z.string()),
  linked: z.boolean(),
  user: Who.nullable(),
});
export type Marker = z.infer<typeof Marker>;

export const markerIn = (scratch: string): string => join(scratch, "workspace.json");

export async function writeMarker(scratch: string, marker: Marker): Promise<void> {
  const file = markerIn(scratch);
  await writeFile(`${file}.new`, JSON.stringify(marker));
  await rename(`${file}.new`, file);
}

/** The marker of a workspace that was made whole, or `null`. Refuses one that this version cannot read. */
export async function readMarker(scratch: string): Promise<Marker | null> {
  const text = await readFile(markerIn(scratch), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw unreadable(scratch, error);
  });
  if (text === null) return null;
  try {
    return Marker.parse(JSON.parse(text));
  } catch (error) {
    throw unreadable(scratch, error);
  }
}

const unreadable = (scratch: string, cause: unknown): LoopwrightError =>
  new LoopwrightError({
    code: "workspace",
    field: markerIn(scratch),
    message: `${markerIn(scratch)} cannot be read, or is of another version`,
    fix: "use the version that started the run, or abort the run and start a new one",
    cause,
  });
