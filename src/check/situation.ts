import type { LoopState } from "../../actions/state.ts";
import { ToolRules } from "../../guards/tool.ts";
import type { CallName } from "../../machines/events.ts";
import type { LoopRules } from "../../machines/rules.ts";
import type { Found } from "./found.ts";
import type { ToolClass } from "./surroundings.ts";

/** The attempt that was dispatched last: it may still report, late or twice. */
export type Sent = { key: string; attempt: number };

/** Where a run stands, as far as its surroundings can tell. */
export type Situation = {
  state: string;
  context: LoopState;
  /** The call that is awaited, and the timer that is armed. */
  call: CallName | null;
  timer: string | null;
  ended: boolean;
  sent: Sent | null;
};

/** The world around one chart, in the abstract: no number counts, and tools that the chart treats alike are one. */
export type World = {
  /** The rules that the explored machine was made from. */
  rules: LoopRules;
  tools: readonly ToolClass[];
  hasWorkspace: boolean;
};

/** Something that can happen now. */
export type Move = {
  event: { type: string };
  /** What happens, in words; among the moves of one situation no two are called the same. */
  label: () => string;
  found: readonly Found[];
  /** From outside: a person's word, a late answer, a fault of the host. The run can neither cause it nor wait for it. */
  outside: boolean;
};

/** What every event carries. */
export const stampAt = (at: number) => ({ at, random: 0.5 });

export const toolNamed = (rules: LoopRules, name: string): ToolRules =>
  rules.tools[name] ?? ToolRules.parse({});

export const classOf = ({ tools }: World, name: string): ToolClass =>
  tools.find(({ names }) => names[0] === name)!;
