/** How often a property is tried: so often, or in proportion to PROPERTY_RUNS where that is given (100 is as usual). */
export const runsOf = (usual: number): number =>
  Math.max(1, Math.round((usual * Number(process.env.PROPERTY_RUNS ?? 100)) / 100));
