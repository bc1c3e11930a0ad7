import { writeSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { isLoopwrightError } from "../../../src/base/errors.ts";
import { openSqliteStore } from "../../../src/store/sqlite-store.ts";
import { grantOf, intentOf, startedRun } from "./writer.ts";

/** Jobs for a process of its own; each prints lines. Usage: child.ts JOB FILE ARGUMENTS */

const [, , job, file = "", name = ""] = process.argv;
const say = (line: string): void => void writeSync(1, `${line}\n`);

/** Commits for ever, two runs at a time; says what is acknowledged. */
function write(): void {
  const store = openSqliteStore({ file });
  const [a, b] = [startedRun(store, { id: "run-1" }), startedRun(store, { id: "run-2" })];
  for (let step = 1; ; step += 1) {
    const sync = step % 3 === 0;
    const commits = [a, b].map((run) => {
      const timer = { runId: run.id, id: "due", dueAt: step, event: "{}" };
      const intent = intentOf(`${run.id}/${step}/0`, { step });
      return run.next({
        intents: [intent],
        timers: { set: [timer], clear: [] },
        snapshot: `{"step":${step}}`,
      });
    });
    store.commit(commits, { sync });
    a.accepted(commits[0]!);
    b.accepted(commits[1]!);
    say(String(step));
  }
}

/** Opens, starts a run, writes some rows. */
function open(): void {
  const store = openSqliteStore({ file });
  const run = startedRun(store, { id: name, owner: name });
  for (let i = 0; i < 20; i += 1) run.commit({}, { sync: i % 5 === 0 });
  store.close();
  say("done");
}

/** Wants one run, one business key and one grant, at the same time as others; says what it got. */
function race(): void {
  const store = openSqliteStore({ file });
  const lease = store.acquire({ runId: "contended", owner: name, now: 1, ttlMs: 1_000 });
  const run = startedRun(store, { id: name, owner: name });
  store.putGrant(grantOf("once", `${name}/2/0`));
  const key = run.commit({ intents: [intentOf(`${name}/1/0`, { businessKey: "order" })] });
  const grant = run.commit({ intents: [intentOf(`${name}/2/0`, { step: 2, grants: ["once"] })] });
  store.close();
  say(
    ["lease" in lease ? "lease" : "held", ...[key, grant].map(({ ok }) => (ok ? "won" : "lost"))].join(" "),
  );
}

/** Holds the right to write for so many milliseconds, or until it is killed. */
function lock(): void {
  const db = new DatabaseSync(file);
  db.exec("BEGIN IMMEDIATE");
  say("locked");
  setTimeout(() => db.exec("ROLLBACK"), Number(name || 1_000_000));
}

/** Tries to open and to write, not as the superuser, who may write everywhere; says what stood in the way. */
function tryTo(): void {
  if (process.getuid?.() === 0) process.setuid?.(65_534);
  try {
    openSqliteStore({ file }).halt(null, "try", 1);
    say("wrote");
  } catch (error) {
    say(isLoopwrightError(error) ? `${error.code} ${error.field} ${error.message}` : String(error));
  }
}

/** Fills the disk; says why it stopped and what can still be read. */
function fill(): void {
  const store = openSqliteStore({ file });
  const run = startedRun(store);
  const big = "x".repeat(20_000);
  try {
    for (let i = 0; i < 10_000; i += 1) run.commit({ snapshot: JSON.stringify(big + i) });
  } catch (error) {
    say(isLoopwrightError(error) ? error.message : String(error));
  }
  const length = store.run("run-1")!.length;
  const whole = length > 1 && store.journal("run-1", { limit: 10_000 }).length === length;
  say(`${whole ? "whole" : "half"} ${store.snapshot("run-1") === JSON.stringify(big + (length - 2))}`);
}

const jobs: Record<string, () => void> = { write, open, race, lock, tryTo, fill };
jobs[job!]!();
