import type { Property } from "../property.ts";
import { doubtHeld } from "./doubt.ts";
import { appliedOnce, approved, freshVerdict, gated } from "./gate.ts";
import { retriesEnd, withinBudget, withinLimits } from "./limits.ts";
import { abortEnds, denied, haltHolds, handedOff, noFault, oneCall, silence } from "./people.ts";
import { provedSuccess } from "./success.ts";

/** What Loopwright promises of every run of every contract. That every run ends is shown on the graph, not by a property. */
export const properties: readonly Property[] = [
  freshVerdict,
  approved,
  gated,
  doubtHeld,
  withinLimits,
  withinBudget,
  provedSuccess,
  handedOff,
  appliedOnce,
  retriesEnd,
  silence,
  denied,
  abortEnds,
  haltHolds,
  oneCall,
  noFault,
];
