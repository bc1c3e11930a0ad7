import type { Draft } from "immer";
import type { FailureRecord, LoopState } from "./state.ts";
import { tell } from "./turn.ts";

type State = Draft<LoopState>;

/** Takes note of a failure and how many stand in a row, equal ones counted apart. */
export function recordFailure(state: State, { failure }: { failure: FailureRecord }): void {
  const fingerprint = `${failure.errorClass}:${failure.fingerprint}`;
  const same = state.streak.fingerprint === fingerprint ? state.streak.same + 1 : 1;
  state.failure = failure;
  state.streak = { failures: state.streak.failures + 1, same, fingerprint, origin: failure.origin };
}

/** The failure becomes feedback for the agent's next turn. */
export function tellFailure(state: State): void {
  const { failure } = state;
  if (failure === null) return;
  const { errorClass, message: text, score } = failure;
  const isVerdict = errorClass === "verificationFailed";
  tell(state, {
    feedback: isVerdict ? { kind: "verificationFailed", text, score } : { kind: "failure", errorClass, text },
  });
}
