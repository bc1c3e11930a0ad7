import type { LoopRules } from "../../machines/rules.ts";
import { scriptedAgent } from "../agents/index.ts";
import type { Clock } from "../base/clock.ts";
import type { LoopContract, PolicyRule } from "../contract/contract.ts";
import type { Agent } from "../ports/agent.ts";
import type { Tool } from "../ports/tool.ts";
import type { Verifier } from "../ports/verifier.ts";
import { type FakeWorkspace, fakeWorkspace } from "./fake-workspace.ts";
import type { Script, ToolScript } from "./script.ts";
import { type ScriptedTool, scriptedTool } from "./scripted-tool.ts";
import { type ScriptedVerdict, scriptedVerifier } from "./scripted-verifier.ts";

/** A contract with the same rules whose agent, verifiers, tools and workspace are scripts, and what truly happened behind its tools. */
export type StandIn = { contract: LoopContract; tools: Readonly<Record<string, ScriptedTool>> };

const listOf = (value: string | readonly string[]): readonly string[] =>
  typeof value === "string" ? [value] : value;

/** The contract's policy, but for tools about whose actions the script answers itself. */
function policyOf(contract: LoopContract, scripts: Readonly<Record<string, ToolScript>>): PolicyRule[] {
  const scripted = Object.entries(scripts).flatMap(([tool, { policy }]) =>
    policy === undefined ? [] : [{ tool, answer: policy }],
  );
  const names = Object.keys(contract.tools).filter((name) => scripted.every(({ tool }) => tool !== name));
  const rest = contract.policy.flatMap((rule) => {
    const tool = names.filter((name) => rule.tool === undefined || listOf(rule.tool).includes(name));
    return tool.length === 0 ? [] : [{ ...rule, tool }];
  });
  return scripted.length === 0 ? [...contract.policy] : [...rest, ...scripted];
}

function toolOf(like: Tool, script: ToolScript, clock: Clock): ScriptedTool {
  const { policy: _policy, inScope, permitted, ...played } = script;
  const rules = {
    ...(inScope !== undefined && { inScope: () => inScope }),
    ...(permitted !== undefined && { permitted: () => permitted }),
  };
  return scriptedTool({ like, rules, ...played, clock });
}

/** The agent, which leaves in the workspace what the script says. */
const writing = (agent: Agent, workspace: FakeWorkspace | null, { writes = [] }: Script): Agent => ({
  ...agent,
  act(request, context) {
    const text = writes[request.step - 1];
    if (text !== undefined) workspace?.write(request.runId, text);
    return agent.act(request, context);
  },
});

/** A value of the metric from which there is still something to gain. */
function metricsOf({ progress: { metric } }: LoopRules): Record<string, number> | undefined {
  if (metric === undefined) return undefined;
  const worse = metric.direction === "lower" ? 5 : -5;
  return { [metric.name]: (metric.target ?? 0) + worse };
}

type Suite = { verifiers: readonly Verifier[]; verdicts: readonly ScriptedVerdict[] };

/** The first verifier that can carry a verdict plays the script; the others pass. */
function suiteOf({ verifiers, verdicts }: Suite, rules: LoopRules, script: Script, clock: Clock): Verifier[] {
  const first = verifiers.findIndex(({ kind }) => kind !== "opinion");
  const metrics = metricsOf(rules);
  return verifiers.map(({ kind, name, timeoutMs, maxPerCall }, i) => {
    const plays = i === first ? { verdicts, afterwards: script.verdicts ?? "passed" } : {};
    return {
      ...scriptedVerifier({
        kind,
        name,
        clock,
        ...plays,
        ...(i === first && metrics && { metrics }),
        ...(timeoutMs !== undefined && { timeoutMs }),
      }),
      ...(maxPerCall && { maxPerCall }),
    };
  });
}

/** Puts scripts in the place of everything that a contract calls; its rules, policy and schemas stay what they are. */
export function standInFor(contract: LoopContract, script: Script, clock: Clock): StandIn {
  const { rules, agent, verifiers } = contract;
  const scripts = script.tools ?? {};
  const tools = Object.fromEntries(
    Object.entries(contract.tools).map(([name, tool]) => [name, toolOf(tool, scripts[name] ?? {}, clock)]),
  );
  const { name, containment, maxPerTurn } = agent;
  const workspace = contract.workspace === null ? null : fakeWorkspace();
  return {
    tools,
    contract: {
      ...contract,
      agent: writing(
        scriptedAgent({
          turns: script.turns ?? [],
          onExhausted: script.afterwards ?? { claim: "done" },
          name,
          containment,
          ...(maxPerTurn && { maxPerTurn }),
        }),
        workspace,
        script,
      ),
      workspace,
      tools,
      verifiers: {
        proposal: suiteOf(
          { verifiers: verifiers.proposal, verdicts: script.proposal ?? [] },
          rules,
          script,
          clock,
        ),
        goal: suiteOf({ verifiers: verifiers.goal, verdicts: script.goal ?? [] }, rules, script, clock),
      },
      policy: policyOf(contract, scripts),
    },
  };
}
