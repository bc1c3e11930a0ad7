import { afterEach, describe, expect, it } from "vitest";
import { messageCharsMax } from "../../src/base/limits.ts";
import type { Verifier } from "../../src/ports/verifier.ts";
import { EvidenceShape } from "../../src/verifiers/evidence.ts";
import { settleMs } from "../../src/verifiers/limits.ts";
import { runVerifiers } from "../../src/verifiers/run.ts";
import {
  type Files,
  memoryOf,
  openProject,
  type Project,
  requestOf,
  systemClock,
  verified,
} from "../helpers/verifying.ts";

export type VerifierFixture = {
  verifier: () => Verifier;
  /** What the run starts from, and proposals as changes to it. */
  base: Files;
  passing: Files;
  failing: Files;
  /** Fails for another reason than `failing`. */
  failingOtherwise: Files;
  /** A proposal under which the verifier has nothing to run; left out for verifiers that run nothing. */
  nothing?: Files;
  /** A proposal whose verification never ends by itself; left out for verifiers that run nothing. */
  endless?: Files;
};

// A case that does not apply is not registered, so that no skipped test needs an excuse.
const ifGiven = (files: Files | undefined): typeof it | (() => void) => (files === undefined ? () => {} : it);

/** What every check promises. Each case works on real trees of a scratch repository. */
export function verifierCases(name: string, fixture: VerifierFixture): void {
  const projects: Project[] = [];
  const open = (): Project => {
    const project = openProject(fixture.base);
    projects.push(project);
    return project;
  };
  afterEach(async () => {
    await Promise.all(projects.splice(0).map((project) => project.close()));
  });

  const verify = (proposal: Files) => {
    const project = open();
    const base = project.snapshot();
    return verified({ project, verifier: fixture.verifier(), tree: project.write(proposal), base });
  };

  describe(`${name} as a verifier`, () => {
    it("passes what is right, with complete evidence", async () => {
      const evidence = await verify(fixture.passing);
      expect(evidence).toMatchObject({ verdict: "passed", verifier: fixture.verifier().name });
      expect(EvidenceShape.safeParse(evidence).error).toBeUndefined();
      expect(evidence.treeAfter).toBe(evidence.treeBefore);
    });

    it("fails what is wrong, with a bounded explanation", async () => {
      const evidence = await verify(fixture.failing);
      expect(evidence.verdict).toBe("failed");
      expect(EvidenceShape.safeParse(evidence).error).toBeUndefined();
      expect(evidence.summary).not.toContain("\n");
      expect(evidence.output!.length).toBeGreaterThan(0);
      expect(evidence.output!.length).toBeLessThanOrEqual(messageCharsMax);
    });

    it("gives equal failures in different directories one fingerprint, and others another", async () => {
      const first = await verify(fixture.failing);
      expect((await verify(fixture.failing)).fingerprint).toBe(first.fingerprint);
      expect((await verify(fixture.failingOtherwise)).fingerprint).not.toBe(first.fingerprint);
    });

    it("never passes without a workspace", async () => {
      const project = open();
      const [judged] = await run(project, { session: null });
      expect(judged!.verdict).not.toBe("passed");
    });

    ifGiven(fixture.nothing)("never passes when there was nothing to run", async () => {
      expect((await verify(fixture.nothing!)).verdict).not.toBe("passed");
    });

    ifGiven(fixture.endless)(
      "ends soon after it is aborted, and leaves no checkout",
      async () => {
        const project = open();
        const session = project.session(project.snapshot());
        const aborted = new AbortController();
        const running = run(project, {
          session,
          tree: project.write(fixture.endless!),
          signal: aborted.signal,
          onOutput: () => aborted.abort(),
        });
        const timer = setTimeout(() => aborted.abort(), 5_000);
        aborted.signal.addEventListener("abort", () => clearTimeout(timer));
        const [judged] = await running;
        expect(aborted.signal.aborted).toBe(true);
        expect(judged!.verdict).toBe("unverifiable");
        expect(project.open.size).toBe(0);
      },
      5_000 + 5 * settleMs,
    );
  });

  type Options = {
    session: ReturnType<Project["session"]> | null;
    tree?: string;
    signal?: AbortSignal;
    onOutput?: () => void;
  };
  const run = (project: Project, { session, tree, signal, onOutput }: Options) =>
    runVerifiers({
      verifiers: [fixture.verifier()],
      request: requestOf(tree ?? null, session?.base.tree ?? null),
      session,
      processes: project.processes,
      remembered: memoryOf(project.remembered),
      clock: systemClock,
      signal: signal ?? new AbortController().signal,
      onOutput: onOutput ?? (() => {}),
    });
}
