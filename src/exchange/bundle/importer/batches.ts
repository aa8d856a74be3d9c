const maxBatchCount = 500
const maxBatchWeight = 2_000

/** Groups items into batches with a bounded count and total weight. Only a single item can exceed the weight. */
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
