import type { Performers } from "../../host/run.ts";
import { performAct } from "./act.ts";
import { performAssess } from "./assess.ts";
import { performConfirm, performExecute, performObserve, performReconcile } from "./effect.ts";
import type { RunScope } from "./run-scope.ts";
import { performVerify } from "./verify.ts";

/** The performers of one run: each call of the chart, joined to agent, verifiers, tools and workspace. */
export const performersOf = (scope: RunScope): Performers => ({
  act: performAct(scope),
  verify: performVerify(scope),
  assess: performAssess(scope),
  observe: performObserve(scope),
  execute: performExecute(scope),
  reconcile: performReconcile(scope),
  confirm: performConfirm(scope),
});
