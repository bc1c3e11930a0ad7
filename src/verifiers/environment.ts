import process from "node:process";

// What tools need to be found and to start; nothing that usually carries a secret.
const always = ["PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR"];

/** The environment of a verifier's command: the few variables every program needs, the named ones, no colours, `CI`. */
export function environment(names: readonly string[]): Record<string, string> {
  const passed = [...always, ...names].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { NO_COLOR: "1", CI: "1", ...Object.fromEntries(passed) };
}
