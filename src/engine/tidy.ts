/** Gives a workspace's leftovers back in the background; what cannot be removed is left lying, the run has ended all the same. */
export function tidy(
  { tidying }: { tidying: Set<Promise<void>> },
  close: () => Promise<void> | undefined,
): void {
  const work: Promise<void> = Promise.resolve()
    .then(close)
    .catch(() => {})
    .then(() => void tidying.delete(work));
  tidying.add(work);
}
