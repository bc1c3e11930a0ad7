/** Picks one of several possibilities; which one is decided by whoever explores. */
export type Choose = <Option>(options: readonly Option[]) => Option;

/**
 * Runs a function once for every way its choices can go, in order, the first option of each first. A choice that is not
 * asked for is not branched on, so what cannot matter costs nothing. The function must do the same for the same answers.
 */
export function* everyWay<Result>(run: (choose: Choose) => Result): Generator<Result> {
  // The choices of the present way: which option was taken, of how many.
  const taken: number[] = [];
  const sizes: number[] = [];
  for (;;) {
    let depth = 0;
    const choose: Choose = (options) => {
      if (depth === taken.length) {
        taken.push(0);
        sizes.push(options.length);
      }
      const option = options[taken[depth]!]!;
      depth += 1;
      return option;
    };
    yield run(choose);
    while (taken.length > 0 && taken.at(-1)! + 1 >= sizes.at(-1)!) {
      taken.pop();
      sizes.pop();
    }
    if (taken.length === 0) return;
    taken[taken.length - 1]! += 1;
  }
}
