import { randomInt } from "node:crypto";

/** Chooses the seed of all property tests of a run and says it, so that the run can be made again: PROPERTY_SEED=n. */
export default function setup(): void {
  process.env.PROPERTY_SEED ??= String(randomInt(2 ** 31));
  const { PROPERTY_SEED, PROPERTY_RUNS = "100" } = process.env;
  process.stdout.write(`property tests: PROPERTY_SEED=${PROPERTY_SEED} PROPERTY_RUNS=${PROPERTY_RUNS}\n`);
}
