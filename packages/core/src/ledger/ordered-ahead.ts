/**
 * Maps with up to `ahead` calls under way and hands the results on in order: reads of many small objects hide each
 * other's latency while memory stays bounded. A failure surfaces at its place in the order.
 */
export async function* orderedAhead<In, Out>(
  items: AsyncIterable<In> | Iterable<In>,
  ahead: number,
  map: (item: In) => Promise<Out>,
): AsyncGenerator<Out> {
  const underWay: Promise<Out>[] = [];
  for await (const item of items) {
    const result = map(item);
    // Looked at when its turn comes; without this an earlier failure would leave it unhandled.
    result.catch(() => undefined);
    underWay.push(result);
    const oldest = underWay.length < ahead ? undefined : underWay.shift();
    if (oldest !== undefined) yield await oldest;
  }
  for (const result of underWay) yield await result;
}
