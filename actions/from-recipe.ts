import { type Draft, produce } from "immer";
import {
  type AnyEventObject,
  assign,
  type MachineContext,
  type ParameterizedObject,
  type ProvidedActor,
} from "xstate";

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
  return assign<Context, AnyEventObject, Params, Event, Actor>(({ context }, params) =>
    produce(context, (draft) => {
      recipe(draft, params);
    }),
  );
}
