import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LoopState } from "../../actions/state.ts";
import { createLoopMachine } from "../../machines/loop.ts";
import type { LoopRules } from "../../machines/rules.ts";
import { nameOf, type RawNode, type RawTransition } from "./chart.ts";
import { type Domain, domainOf, type Point, pointsOf, variables } from "./domain.ts";
import { momentsOf } from "./moment.ts";
import { constantsOf, partOf, toolsOf, useOf } from "./promela.ts";

/** A guard at one place of the chart: as the model writes it, as the machine evaluates it. */
type Use = { place: string; text: string; domain: Domain; holds: (point: Point) => boolean };

/** What the table found: how many answers were compared, and the first on which guard and model differ. */
export type Table = {
  uses: number;
  points: number;
  difference: { guard: string; at: string; point: Point; guardSays: boolean; modelSays: boolean } | null;
};

type Args = { context: LoopState; event: { type: string } };
type Guards = Record<string, (args: Args, params: unknown) => boolean>;

const nodesIn = (node: RawNode): RawNode[] => [node, ...Object.values(node.states).flatMap(nodesIn)];

function usesOf(rules: LoopRules, guardsText: string): Use[] {
  const machine = createLoopMachine(rules);
  const { guards } = (machine as unknown as { implementations: { guards: Guards } }).implementations;
  const momentOf = momentsOf(rules);
  const tools = toolsOf(rules).length;

  function useAt({ source, eventType, guard }: RawTransition): Use[] {
    if (guard === undefined) return [];
    const { type, params } = typeof guard === "string" ? { type: guard, params: undefined } : guard;
    return [
      {
        place: `${source.path.join(".")} ${eventType}`,
        text: useOf(nameOf(guard), "", guardsText),
        domain: domainOf(type, tools),
        holds: (point) => {
          const moment = momentOf(point, eventType);
          return guards[type]!(moment, typeof params === "function" ? params(moment) : params);
        },
      },
    ];
  }

  const transitions = nodesIn(machine.root as unknown as RawNode).flatMap((node) => [
    ...[...node.transitions.values()].flat(),
    ...(node.always ?? []),
  ]);
  return transitions.flatMap(useAt);
}

/** One line of zeros and ones for each guard: what the model's own text says, compiled as C. */
function modelAnswers(rules: LoopRules, uses: readonly Use[], guardsText: string): string[] {
  const zero = variables.map((name) => `${name} = 0;`).join(" ");
  const loops = ({ domain, text }: Use): string => {
    const open = domain.map(([name, values], i) => {
      const list = `static const int v${i}[] = { ${values.join(", ")} };`;
      return `{ ${list} for (int i${i} = 0; i${i} < ${values.length}; i${i}++) { ${name} = v${i}[i${i}];`;
    });
    return `${zero} ${open.join("\n")} putchar((${text}) ? '1' : '0'); ${"} }".repeat(domain.length)} putchar('\\n');`;
  };
  const program = [
    "#include <stdio.h>",
    ...constantsOf(rules),
    `static int ${variables.join(", ")};`,
    guardsText,
    `int main(void) {\n${uses.map(loops).join("\n")}\nreturn 0;\n}`,
    "",
  ].join("\n");
  const folder = mkdtempSync(join(tmpdir(), "table-"));
  try {
    writeFileSync(join(folder, "table.c"), program);
    const built = spawnSync("gcc", ["-O1", "-w", "-o", "table", "table.c"], {
      cwd: folder,
      encoding: "utf8",
    });
    if (built.status !== 0) throw new Error(built.stderr);
    const run = spawnSync("./table", { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 30 });
    return run.stdout.trimEnd().split("\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Compares every guard, at every place of the chart where it is asked, with what the model says, on every point of what it
 * may look at. The machine is asked about real moments, with the numbers of the contract just before or at each limit.
 */
export function truthTable(rules: LoopRules, guardsText: string = partOf("guards")): Table {
  const uses = usesOf(rules, guardsText);
  const answers = modelAnswers(rules, uses, guardsText);
  let points = 0;
  for (const [number, { place, text, domain, holds }] of uses.entries()) {
    let at = 0;
    for (const point of pointsOf(domain)) {
      const [guardSays, modelSays] = [holds(point), answers[number]![at] === "1"];
      if (guardSays !== modelSays) {
        const difference = { guard: text, at: place, point: { ...point }, guardSays, modelSays };
        return { uses: uses.length, points, difference };
      }
      at += 1;
      points += 1;
    }
    if (answers[number]!.length !== at)
      throw new Error(`${text} has ${answers[number]!.length} answers, not ${at}`);
  }
  return { uses: uses.length, points, difference: null };
}
