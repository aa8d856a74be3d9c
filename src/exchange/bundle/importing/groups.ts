const countMax = 500
const weightMax = 2_000

/** What comes, in groups that one statement takes and that are little in memory, unless one thing alone is much. */
export async function* groupsOf<T>(
  things: AsyncIterable<T> | Iterable<T>,
  weightOf: (thing: T) => number,
): AsyncGenerator<T[]> {
  let group: T[] = []
  let weight = 0
  for await (const thing of things) {
    group.push(thing)
    weight += weightOf(thing)
    if (group.length < countMax && weight < weightMax) continue
    yield group
    group = []
    weight = 0
  }
  if (group.length > 0) yield group
}
