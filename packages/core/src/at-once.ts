/** Maps with at most `limit` calls under way; the results stand in the order of the items. All have ended when it settles. */
export async function atOnce<In, Out>(
  items: readonly In[],
  limit: number,
  map: (item: In) => Promise<Out>,
): Promise<Out[]> {
  const results: Promise<Out>[] = [];
  const iterator = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of iterator) {
      const result = map(item);
      results[index] = result;
      await result.catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: limit }, work));
  return Promise.all(results);
}
