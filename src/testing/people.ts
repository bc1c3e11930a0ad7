import { setTimeout as sleep } from "node:timers/promises";
import type { LoopState } from "../../actions/state.ts";
import { Directive } from "../../machines/events.ts";
import { canonicalJson } from "../base/digest.ts";
import type { LoopContract } from "../contract/contract.ts";
import { storedMemory } from "../engine/stored.ts";
import type { Engine } from "../engine/types.ts";
import type { Store } from "../ports/store.ts";
import type { FakeClock } from "./fake-clock.ts";
import type { Word } from "./script.ts";

/** Where a word is said: the engine that has the run, and its contract. */
export type Room = {
  engine: Engine;
  store: Store;
  contract: LoopContract;
  clock: FakeClock;
  runId: string;
};

/** Milliseconds for which a grant stands: longer than any rehearsed run. */
const grantMs = 365 * 24 * 60 * 60_000;

const memoryOf = ({ store, runId }: Room): LoopState => storedMemory(store, store.run(runId)!);

function post({ store, clock, runId }: Room, word: { type: Directive["type"] } & Record<string, unknown>) {
  const at = clock.now();
  const stamp = { at, random: clock.random(), by: "somebody", signed: true };
  store.post({ runId, at, event: canonicalJson(Directive.parse({ ...stamp, ...word })) });
}

/** Puts grants of the first approvers into the store, and says so to the run. */
function grant(room: Room, count: number): void {
  const { store, clock, contract } = room;
  const { approval, turn, cursor } = memoryOf(room);
  const effectKey = approval?.effectKey ?? "";
  const actionDigest = turn?.actions[cursor]?.digest ?? "";
  const issuedAt = clock.now();
  const life = { issuedAt, expiresAt: issuedAt + grantMs, usedBy: null };
  const approvers = [...new Set(contract.rules.approvals.approvers)].slice(0, count);
  for (const approver of approvers)
    store.putGrant({ id: clock.id(), effectKey, approver, token: "", voidedAt: null, ...life });
  const grants = store
    .grants(effectKey)
    .map(({ token: _token, voidedAt, ...one }) => ({ ...one, actionDigest, revoked: voidedAt !== null }));
  post(room, { type: "approval.granted", effectKey, actionDigest, grants });
}

/** The host looks into its inbox now and then, in real time. */
async function heard({ store, runId }: Room): Promise<void> {
  const length = () => store.run(runId)!.length;
  const before = length();
  for (let looks = 0; length() === before && looks < 500; looks += 1) await sleep(10);
}

/** Says one word of a person. What is refused throws, as it does to whoever says it. */
export async function say(room: Room, word: Word): Promise<void> {
  const { engine, contract, clock, runId } = room;
  const goOn = async (options = {}) => void (await engine.resume(runId, { contract, ...options }));
  if (word === "resume") return goOn();
  if (word === "grant" || word === "deny") {
    if (word === "grant") grant(room, contract.rules.approvals.quorum);
    else {
      const effectKey = memoryOf(room).approval?.effectKey ?? "";
      post(room, { type: "approval.denied", effectKey, reason: "no" });
    }
    return goOn();
  }
  if (word === "settleApplied" || word === "settleAbsent") {
    const key = memoryOf(room).doubt?.key ?? "";
    const found = word === "settleApplied" ? "applied" : "absent";
    post(room, { type: "directive.settle", key, found, result: null });
    return heard(room);
  }
  if ("waitMs" in word) return clock.advance(word.waitMs);
  if ("abortIn" in word) return engine.abort(runId, { reason: "enough", contract });
  if ("resume" in word) return goOn(word.resume);
  grant(room, word.grantOf);
  return goOn();
}
