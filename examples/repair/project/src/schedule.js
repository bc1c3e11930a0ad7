import { reversed, topologicalOrder } from './graph.js';

// Jobs are `{ name, hours, after: [names] }`; all times are hours from the start of the plan.

const graphOf = (jobs) => new Map(jobs.map((job) => [job.name, job.after ?? []]));

/** When each job can start and end at the earliest. */
export function earliest(jobs) {
  const byName = new Map(jobs.map((job) => [job.name, job]));
  const times = new Map();
  for (const name of topologicalOrder(graphOf(jobs))) {
    const job = byName.get(name);
    if (!job) throw new RangeError(`unknown job: ${name}`);
    const start = Math.max(0, ...(job.after ?? []).map((before) => times.get(before).end));
    times.set(name, { start, end: start + job.hours });
  }
  return times;
}

/** Hours until everything is done. */
export const duration = (jobs) => Math.max(0, ...[...earliest(jobs).values()].map((time) => time.end));

/** When each job must start at the latest so that the plan does not take longer. */
export function latest(jobs) {
  const end = duration(jobs);
  const byName = new Map(jobs.map((job) => [job.name, job]));
  const followers = reversed(graphOf(jobs));
  const times = new Map();
  for (const name of topologicalOrder(followers)) {
    const latestEnd = Math.min(end, ...followers.get(name).map((next) => times.get(next)));
    times.set(name, latestEnd - byName.get(name).hours);
  }
  return times;
}

/** Names of the jobs that have no slack, in order of their start. */
export function criticalPath(jobs) {
  const early = earliest(jobs);
  const late = latest(jobs);
  return [...early.keys()]
    .filter((name) => early.get(name).start === late.get(name))
    .sort((a, b) => early.get(a).start - early.get(b).start);
}
