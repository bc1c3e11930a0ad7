import { describe, expect, it } from "vitest";
import type { Turn } from "../../../actions/state.ts";
import { ErrorClass } from "../../../guards/retry.ts";
import { turnKind } from "../../../guards/turn.ts";
import { type CallName, callNames, replies } from "../../../machines/events.ts";
import { searched } from "../../../src/check/check.ts";
import { everyWay } from "../../../src/check/choices.ts";
import { laterDigest } from "../../../src/check/names.ts";
import { obstacles, reply, unfold } from "../../../src/check/replies.ts";
import { toolNamed } from "../../../src/check/situation.ts";
import { references } from "../../helpers/checking.ts";
import { memory } from "../../helpers/memory.ts";

const { world } = searched(references.safe!);
const turn: Turn = {
  claim: null,
  actions: [{ tool: "put", input: null, digest: "present" }],
  proposal: "p",
  tree: "tree",
  changed: false,
};
const at = (call: CallName) => ({
  state: "any",
  context: memory({ call: { id: "1", openedAt: 0 }, turn }),
  call,
  timer: "t",
  ended: false,
  sent: null,
});
const answers = (call: CallName) => [...everyWay((choose) => reply(world, at(call), call, choose))];
const outputs = (call: CallName) =>
  answers(call).map(({ event }) => (event as unknown as { output: never }).output);

describe("answers to calls", () => {
  it.each(callNames.filter((name) => name !== "assess"))("are what a host may fold: %s", (name) => {
    for (const output of outputs(name)) expect(() => replies[name].parse(output)).not.toThrow();
  });

  it("are turns of every kind", () => {
    const kinds = outputs("act").map((output: { kind: string; turn: Turn }) => {
      if (output.kind === "failed") return "failed";
      const { actions, claim, changed } = output.turn;
      const reads = actions.filter(({ tool }) => toolNamed(world.rules, tool).effect === "read").length;
      return turnKind({
        failed: false,
        claim,
        changed,
        actions: actions.length,
        reads,
        actionsPerTurn: world.rules.limits.actionsPerTurn,
      });
    });
    expect(new Set(kinds)).toEqual(new Set(["failed", "oversized", "stuck", "empty", "reads", "proposal"]));
  });

  it("fail with every class", () => {
    for (const name of ["act", "observe", "execute"] as const) {
      const classes = outputs(name).flatMap(
        ({ failure }: { failure?: { errorClass: string } }) => failure?.errorClass ?? [],
      );
      expect(new Set(classes)).toEqual(new Set(ErrorClass.options));
    }
  });

  it("leave open whether an effect was applied", () => {
    const said = new Set(outputs("execute").map(({ outcome }: { outcome: string }) => outcome));
    expect(said).toEqual(new Set(["applied", "notApplied", "unknown"]));
  });
});

describe("an action whose turn has come", () => {
  const following = (tool: string) => {
    const waiting = { ...turn, actions: [...turn.actions, { tool, input: null, digest: laterDigest }] };
    return [...everyWay((choose) => unfold(world, waiting, 1, choose))].map(({ actions }) =>
      actions.slice(1),
    );
  };

  it("is any where anything may follow, and more may follow it", () => {
    const tools = following("put").map(([action]) => action!.tool);
    expect(new Set(tools)).toEqual(new Set(["put", "read", "undeclared"]));
    expect(new Set(following("put").map(({ length }) => length))).toEqual(new Set([1, 2]));
  });

  it("reads where the turn only reads", () => {
    expect(
      new Set(
        following("read")
          .flat()
          .map(({ tool }) => tool),
      ),
    ).toEqual(new Set(["read"]));
  });
});

describe("what stands in the way of a turn", () => {
  it("is every limit and detector, and after a crash no step more", () => {
    const all = obstacles(world, false).flat();
    expect(all).toEqual(
      expect.arrayContaining(["steps are used up", "tokens are used up", "no progress again"]),
    );
    expect(obstacles(world, true).flat()).not.toContain("steps are used up");
    expect(obstacles(world, true).flat()).toContain("deadlineMs are used up");
  });
});
