/**
 * The rows of a table of any length, some in memory at a time. `readPage` gives the rows after one that it gave before (null: from
 * the start) in the order of their key; an empty page is the end.
 */
export async function* readAllRows<Row>(
  readPage: (after: Row | null) => Promise<Row[]>,
): AsyncGenerator<Row> {
  for await (const page of readAllPages(readPage)) yield* page
}

/** As `readAllRows`, a page at a time. */
export async function* readAllPages<Row>(
  readPage: (after: Row | null) => Promise<Row[]>,
): AsyncGenerator<Row[]> {
  for (let last: Row | null = null; ; ) {
    const page: Row[] = await readPage(last)
    const end = page.at(-1)
    if (end === undefined) return
    yield page
    last = end
  }
}
