import type { Draft } from "immer";
import { expectTypeOf, it } from "vitest";
import { fromRecipe } from "../../actions/from-recipe.ts";
import type { LoopState } from "../../actions/state.ts";
import { createLoopMachine } from "../../machines/loop.ts";
import type { Parameters as Mappings } from "../../machines/parameters.ts";
import { LoopRules } from "../../machines/rules.ts";
import { chart } from "../../machines/setup.ts";

// What must not compile: the bridges between the folders are only as good as what they refuse.

it("refuses a parameter that the guard does not take", () => {
  chart.createStateConfig({
    always: [
      { guard: { type: "mayAskAgain", params: { asked: 1, most: 2 } } },
      // @ts-expect-error: `asked` is a number
      { guard: { type: "mayAskAgain", params: { asked: "once", most: 2 } } },
      // @ts-expect-error: `most` is missing
      { guard: { type: "mayAskAgain", params: { asked: 1 } } },
    ],
  });
});

it("refuses a parameter that the action does not take", () => {
  chart.createStateConfig({
    entry: [
      { type: "setHalted", params: { halted: true } },
      // @ts-expect-error: `halted` is a boolean
      { type: "setHalted", params: { halted: "yes" } },
      // @ts-expect-error: there is no such limit
      { type: "spend", params: { name: "patience" } },
    ],
  });
});

it("refuses the name of a guard, an action or an actor that does not exist", () => {
  // @ts-expect-error: no such guard
  chart.createStateConfig({ always: { guard: "isFine" } });
  // @ts-expect-error: no such action
  chart.createStateConfig({ entry: "forgetDoubt" });
  // @ts-expect-error: no such actor
  chart.createStateConfig({ invoke: { src: "guess" } });
});

it("refuses a recipe for another state", () => {
  const count = (state: Draft<{ count: number }>, { by }: { by: number }): void => {
    state.count += by;
  };
  const halt = (state: Draft<LoopState>, { halted }: { halted: boolean }): void => {
    state.halted = halted;
  };
  chart.extend({ actions: { halt: fromRecipe(halt) } });
  // @ts-expect-error: the loop's memory is not that state
  chart.extend({ actions: { count: fromRecipe(count) } });
});

it("knows what a run starts from and ends with", () => {
  const machine = createLoopMachine(LoopRules.parse({}));
  type Output = NonNullable<ReturnType<typeof machine.getInitialSnapshot>["output"]>;
  expectTypeOf<Output["status"]>().toEqualTypeOf<"succeeded" | "stopped">();
  expectTypeOf<ReturnType<Mappings["gateLimit"]>>().toEqualTypeOf<string>();
});
