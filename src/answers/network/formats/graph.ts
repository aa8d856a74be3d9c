/** A graph as every format writes it: directed, with more than one edge between two nodes where there is more to say. */
export type ExportGraph = {
  title: string
  /** Says that something was left out; null when nothing was. */
  note: string | null
  nodes: readonly { id: string; label: string; attributes: GraphAttributes }[]
  edges: readonly {
    id: string
    source: string
    target: string
    label: string
    attributes: GraphAttributes
  }[]
}

/** Null is left out of the file. */
type GraphAttributes = Readonly<Record<string, string | number | null>>

/** XML 1.0 has no way to write control characters or halves of surrogate pairs, not even escaped. */
export const replaceInvalidCharacters = (text: string): string =>
  text.toWellFormed().replaceAll(/(?![\t\n\r])\p{Cc}|[\uFFFE\uFFFF]/gu, '\uFFFD')

/** The attributes that have a value, each writable. */
export const listAttributes = (
  attributes: GraphAttributes,
): [name: string, value: string | number][] =>
  Object.entries(attributes).flatMap(([name, value]) =>
    value === null
      ? []
      : [[name, typeof value === 'string' ? replaceInvalidCharacters(value) : value] as const],
  ) as [string, string | number][]
