import type { Edge, Explored } from "./explore.ts";
import { counters } from "./spending.ts";

/** Why some path might not end: a place from which nothing leads on, or a cycle that spends nothing limited. */
export type Endless =
  | { kind: "stuck"; place: number; why: string }
  /** Places of the cycle in order, each with the number of its way to the next. */
  | { kind: "cycle"; way: readonly { place: number; edge: number }[] };

type Graph = Pick<Explored, "places" | "edges">;

/** What a run does by itself. What nobody caused it to do, and what changes nothing, is no step of its own. */
const isOwn = ({ outside, ignored }: Edge): boolean => !outside && !ignored;

/** A place where the run waits for nothing, or for a call that nothing limits in time. */
function stuckPlace({ places }: Graph): Endless | null {
  const place = places.findIndex(({ ended, timer }) => !ended && timer === null);
  if (place < 0) return null;
  const { state, call } = places[place]!;
  const why =
    call === null ? `nothing leads on from ${state}` : `nothing ends the call of ${call} in ${state}`;
  return { kind: "stuck", place, why };
}

/**
 * The strongly connected components of a part of the graph that hold a cycle (R. Tarjan, "Depth-first search and linear
 * graph algorithms", 1972; kept on a stack of its own, since paths are long).
 */
function componentsOf(nodes: readonly number[], next: (node: number) => readonly number[]): number[][] {
  const order = new Map<number, number>();
  const low = new Map<number, number>();
  const inside = new Set(nodes);
  const onStack = new Set<number>();
  const stack: number[] = [];
  const found: number[][] = [];
  const enter = (node: number) => {
    order.set(node, order.size);
    low.set(node, order.get(node)!);
    stack.push(node);
    onStack.add(node);
    return { node, targets: next(node).filter((to) => inside.has(to)), at: 0 };
  };
  const leave = (node: number): void => {
    if (low.get(node) !== order.get(node)) return;
    const component = stack.splice(stack.lastIndexOf(node));
    for (const one of component) onStack.delete(one);
    if (component.length > 1 || next(node).includes(node)) found.push(component);
  };
  for (const root of nodes) {
    if (order.has(root)) continue;
    const frames = [enter(root)];
    while (frames.length > 0) {
      const frame = frames.at(-1)!;
      const { node, targets } = frame;
      const to = targets[frame.at];
      frame.at += 1;
      if (to === undefined) {
        frames.pop();
        const parent = frames.at(-1);
        if (parent !== undefined) low.set(parent.node, Math.min(low.get(parent.node)!, low.get(node)!));
        leave(node);
      } else if (!order.has(to)) {
        frames.push(enter(to));
      } else if (onStack.has(to)) {
        low.set(node, Math.min(low.get(node)!, order.get(to)!));
      }
    }
  }
  return found;
}

/** A shortest cycle through the first place of a component, along edges that are allowed. */
function cycleIn(
  component: readonly number[],
  edges: Graph["edges"],
  allowed: (edge: Edge) => boolean,
): Endless {
  const inside = new Set(component);
  const start = Math.min(...component);
  const came = new Map<number, { place: number; edge: number }>();
  const queue = [start];
  for (const place of queue) {
    for (const [edge, one] of edges[place]!.entries()) {
      if (!allowed(one) || !inside.has(one.to) || came.has(one.to)) continue;
      came.set(one.to, { place, edge });
      queue.push(one.to);
    }
    if (came.has(start)) break;
  }
  const way = [came.get(start)!];
  while (way[0]!.place !== start) way.unshift(came.get(way[0]!.place)!);
  return { kind: "cycle", way };
}

/**
 * Does every path end? No place without a way out, and each cycle raises something that has a limit and that the cycle
 * never lowers: a lexicographic order, found component by component. Such a cycle is taken out, and what is left is looked
 * at again (C. Alias, A. Darte, P. Feautrier, L. Gonnord, "Multi-dimensional Rankings, Program Termination, and Complexity
 * Bounds of Flowchart Programs", SAS 2010, on counters instead of expressions).
 */
export function endlessIn(graph: Graph): Endless | null {
  const { places, edges } = graph;
  const stuck = stuckPlace(graph);
  if (stuck !== null) return stuck;
  const spent = new Set<Edge>();
  const isLeft = (edge: Edge): boolean => isOwn(edge) && !spent.has(edge);
  const next = (place: number) => edges[place]!.filter(isLeft).map(({ to }) => to);
  const work = componentsOf([...places.keys()], next);
  for (let component = work.pop(); component !== undefined; component = work.pop()) {
    const inside = new Set(component);
    const within = component.flatMap((place) =>
      edges[place]!.filter((edge) => isLeft(edge) && inside.has(edge.to)),
    );
    const bit = counters
      .map((_, i) => 1 << i)
      .find((one) => within.some(({ up }) => up & one) && !within.some(({ down }) => down & one));
    if (bit === undefined) return cycleIn(component, edges, isLeft);
    for (const edge of within) if (edge.up & bit) spent.add(edge);
    work.push(...componentsOf(component, next));
  }
  return null;
}
