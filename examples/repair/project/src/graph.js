// Directed graphs as a Map from a node to the nodes it depends on.

/** Every node after all nodes it depends on; in the order given where that leaves a choice. Refuses a cycle. */
export function topologicalOrder(graph) {
  const order = [];
  const state = new Map();
  const visit = (node, path) => {
    if (state.get(node) === 'done') return;
    if (state.get(node) === 'open') {
      throw new RangeError(`cycle: ${[...path.slice(path.indexOf(node)), node].join(' > ')}`);
    }
    state.set(node, 'open');
    for (const dependency of graph.get(node) ?? []) visit(dependency, [...path, node]);
    state.set(node, 'done');
    order.push(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return order;
}

/** All nodes that `start` needs, directly or not, without itself. */
export function reachable(graph, start) {
  const seen = new Set();
  const queue = [start];
  while (queue.length > 0) {
    const node = queue.shift();
    for (const next of graph.get(node) ?? []) {
      if (seen.has(next) || next === start) continue;
      seen.add(next);
      queue.push(next);
    }
  }
  return seen;
}

/** The graph with every edge turned round. */
export function reversed(graph) {
  const result = new Map([...graph.keys()].map((node) => [node, []]));
  for (const [node, dependencies] of graph) {
    for (const dependency of dependencies) {
      if (!result.has(dependency)) result.set(dependency, []);
      result.get(dependency).push(node);
    }
  }
  return result;
}
