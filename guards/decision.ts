/** What a guard decided: yes with a value, or no with a reason from the guard's closed list. */
export type Decision<Reason extends string, Value = null> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: Reason };

/** Yes, with nothing more to say. */
export const yes: Decision<never> = { ok: true, value: null };

/** No, for this reason. */
export const no = <Reason extends string>(reason: Reason): Decision<Reason, never> => ({ ok: false, reason });

/** Marks a branch that the types exclude. Throws if it is reached all the same. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
