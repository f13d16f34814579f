/**
 * Work on many things, a few at a time.
 *
 * @module
 */

/** The settings' `concurrency` where they have none. */
export const CONCURRENCY = 20;

/**
 * Works on every item.
 *
 * @param items The items.
 * @param limit How many at a time.
 * @param work What to do with one.
 * @returns What came of each, in the order of `items`.
 */
export async function mapBounded<A, B>(
  items: readonly A[],
  limit: number,
  work: (item: A) => Promise<B>,
): Promise<B[]> {
  const results = new Array<B>(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
