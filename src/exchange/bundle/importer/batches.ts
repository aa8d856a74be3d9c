const maxBatchCount = 500
const maxBatchWeight = 2_000

/** What comes, in groups that one statement takes and that are little in memory, unless one thing alone is much. */
export async function* batchByWeight<T>(
  items: AsyncIterable<T> | Iterable<T>,
  getWeight: (item: T) => number,
): AsyncGenerator<T[]> {
  let batch: T[] = []
  let weight = 0
  for await (const item of items) {
    batch.push(item)
    weight += getWeight(item)
    if (batch.length < maxBatchCount && weight < maxBatchWeight) continue
    yield batch
    batch = []
    weight = 0
  }
  if (batch.length > 0) yield batch
}
