import { type Draft, produce } from "immer";
import {
  type AnyEventObject,
  assign,
  type MachineContext,
  type ParameterizedObject,
  type ProvidedActor,
} from "xstate";

type Recipe = (state: unknown, params: unknown) => void;
const recipes = new WeakMap<object, Recipe>();

/** The recipe in an action made by `fromRecipe`, for a search that makes its own copies of the state. */
export function recipeOf(action: object): Recipe {
  const recipe = recipes.get(action);
  if (recipe === undefined) throw new TypeError("this action was not made from a recipe");
  return recipe;
}

/**
 * Turns an immer recipe into an XState `assign`. Root keys are set to `null`, never deleted: `assign` merges the
 * result over the old context, so a deleted root key would come back.
 */
export function fromRecipe<
  Context extends MachineContext,
  Params extends ParameterizedObject["params"] | undefined,
  Event extends AnyEventObject = never,
  Actor extends ProvidedActor = never,
>(recipe: (draft: Draft<Context>, params: Params) => void) {
  const action = assign<Context, AnyEventObject, Params, Event, Actor>(({ context }, params) =>
    produce(context, (draft) => {
      recipe(draft, params);
    }),
  );
  recipes.set(action, recipe as Recipe);
  return action;
}
