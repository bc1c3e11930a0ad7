import { canonicalJson } from "../base/digest.ts";
import type { Json } from "../ports/json.ts";
import type { ProcessRunner } from "../ports/process.ts";
import type { VerifyContext, VerifyRequest } from "../ports/verifier.ts";
import type { Checkout, WorkspaceSession } from "../ports/workspace.ts";

/** What the runtime lends to verifiers. */
export type Lent = {
  session: WorkspaceSession | null;
  processes: ProcessRunner;
  /** What was measured for the run, as canonical JSON by key. */
  remembered: { get(key: string): string | null; set(key: string, value: string): void };
};

export type ContextOptions = Lent & {
  verifier: string;
  request: VerifyRequest;
  signal: AbortSignal;
  onOutput: (chunk: string) => void;
};

/** The context of one verifier, and what takes back everything it was lent, checkouts made late included. */
export function openContext(options: ContextOptions): { context: VerifyContext; close(): Promise<void> } {
  const { session, processes, request, signal, onOutput } = options;
  const checkouts: Checkout[] = [];
  let closed = false;
  const keep = async (checkout: Checkout): Promise<Checkout> => {
    checkouts.push(checkout);
    if (!closed) return checkout;
    await checkout.dispose();
    throw new Error("the verification is over");
  };
  const context: VerifyContext = {
    signal,
    processes,
    onOutput: (chunk) => (closed ? undefined : onOutput(chunk)),
    checkout: async ({ tree, ...rest } = {}) =>
      keep(await opened(session).checkout(treeOf(tree ?? request.tree), { signal, ...rest })),
    changes: async () => opened(session).changes(treeOf(request.base), treeOf(request.tree)),
    remember: (key, measure) => remember(options, key, measure),
  };
  return {
    context,
    close: async () => {
      closed = true;
      await Promise.allSettled(checkouts.map((checkout) => checkout.dispose()));
    },
  };
}

async function remember<T extends Json>(
  { remembered, verifier, signal }: ContextOptions,
  key: string,
  measure: () => Promise<T>,
): Promise<T> {
  const full = `${verifier}: ${key}`;
  const known = remembered.get(full);
  if (known !== null) return JSON.parse(known) as T;
  const value = await measure();
  // What was measured while being aborted may be half a measurement.
  signal.throwIfAborted();
  remembered.set(full, canonicalJson(value));
  return value;
}

function opened(session: WorkspaceSession | null): WorkspaceSession {
  if (session === null) throw new Error("this verifier needs a workspace: add `workspace` to the contract");
  return session;
}

function treeOf(tree: string | null): string {
  if (tree === null)
    throw new Error("there is no tree to verify: the workspace has not been written as a tree");
  return tree;
}
