/**
 * Many pieces of work, a few at a time.
 *
 * @module
 */

/**
 * Does something with each item, so many at a time.
 *
 * @param items The items.
 * @param limit How many at a time.
 * @param work What to do.
 * @returns What came of each, in the order of the items; the first failure is thrown.
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
