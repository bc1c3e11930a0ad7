import type { Draft } from "immer";
import { expect, it } from "vitest";
import { createActor, setup } from "xstate";
import { fromRecipe, recipeOf } from "../../actions/from-recipe.ts";

type Memory = { count: number; note: string | null; inner: { list: number[] } };

function run(recipe: (state: Draft<Memory>, params: { by: number }) => void): {
  before: Memory;
  context: Memory;
} {
  const before: Memory = { count: 1, note: "old", inner: { list: [] } };
  const machine = setup({
    types: { context: {} as Memory, events: {} as { type: "go" } },
    actions: { change: fromRecipe(recipe) },
  }).createMachine({ context: before, entry: { type: "change", params: { by: 2 } } });
  return { before, context: createActor(machine).start().getSnapshot().context };
}

it("changes a copy, with the parameters of the chart", () => {
  const { before, context } = run((state, { by }) => {
    state.count += by;
    state.inner.list.push(by);
  });
  expect(context).toEqual({ count: 3, note: "old", inner: { list: [2] } });
  expect(before).toEqual({ count: 1, note: "old", inner: { list: [] } });
});

it("shares what the recipe left alone", () => {
  const { before, context } = run((state) => {
    state.note = null;
  });
  expect(context.inner).toBe(before.inner);
});

it("does not let a root key be deleted: it is set to null instead", () => {
  const { context } = run((state) => {
    delete (state as Partial<Memory>).note;
  });
  expect(context.note).toBe("old");
});

it("gives the recipe back, and refuses an action that was made otherwise", () => {
  const recipe = (state: Draft<Memory>) => {
    state.count += 1;
  };
  expect(recipeOf(fromRecipe(recipe))).toBe(recipe);
  expect(() => recipeOf({})).toThrow("not made from a recipe");
});
