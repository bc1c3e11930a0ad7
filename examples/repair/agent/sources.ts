import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import picomatch from "picomatch";

/** Texts of the files that may be edited, by their path relative to the project. */
export type Sources = Readonly<Record<string, string>>;

/** Bytes of the largest file that is searched; larger ones are generated or data. */
const fileBytesMax = 256 * 1024;

const ignored = /^(node_modules|\.git)$/;

async function listFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const nested = await Promise.all(
    entries
      .filter((entry) => !ignored.test(entry.name))
      .map((entry) =>
        entry.isDirectory()
          ? listFiles(join(directory, entry.name))
          : entry.isFile()
            ? [join(directory, entry.name)]
            : [],
      ),
  );
  return nested.flat();
}

/** Reads the files that match `include` and not `exclude` (globs), sorted by path. Links are not followed. */
export async function readSources(
  directory: string,
  globs: { include: readonly string[]; exclude: readonly string[] },
): Promise<Sources> {
  const wanted = picomatch([...globs.include], { ignore: [...globs.exclude] });
  const files = await listFiles(directory);
  const paths = files
    .map((file) => relative(directory, file).split(sep).join("/"))
    .filter((path) => wanted(path));
  const texts = await Promise.all(
    paths.sort().map(async (path) => [path, await readFile(join(directory, path), "utf8")] as const),
  );
  return Object.fromEntries(texts.filter(([, text]) => text.length <= fileBytesMax));
}

export async function writeSources(directory: string, changed: Sources): Promise<void> {
  await Promise.all(Object.entries(changed).map(([path, text]) => writeFile(join(directory, path), text)));
}

/** Equal for equal sources, 64 hex digits. */
export const digestSources = (sources: Sources): string =>
  createHash("sha256")
    .update(JSON.stringify(Object.entries(sources).sort(([a], [b]) => (a < b ? -1 : 1))))
    .digest("hex");
