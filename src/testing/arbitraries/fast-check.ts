import type FastCheck from "fast-check";

/** The fast-check of whoever calls: it is no dependency of this package. */
export type Fc = typeof FastCheck;
export type Arbitrary<Value> = FastCheck.Arbitrary<Value>;

/** Names of the tools that contracts at random declare, of some of them or of all. */
export const toolNames = ["one", "two", "three"] as const;
