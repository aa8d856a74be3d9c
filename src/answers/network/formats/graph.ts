/** A directed multigraph, independent of the file format. */
export type ExportGraph = {
  title: string
  /** What was left out; null when the graph is complete. */
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

/** Attributes that are null are not written. */
type GraphAttributes = Readonly<Record<string, string | number | null>>

/** XML 1.0 cannot contain control characters or lone surrogates, not even escaped. */
export const replaceInvalidCharacters = (text: string): string =>
  text.toWellFormed().replaceAll(/(?![\t\n\r])\p{Cc}|[\uFFFE\uFFFF]/gu, '\uFFFD')

/** The attributes that have a value, without characters that are invalid in XML. */
export const listAttributes = (
  attributes: GraphAttributes,
): [name: string, value: string | number][] =>
  Object.entries(attributes).flatMap(([name, value]) =>
    value === null
      ? []
      : [[name, typeof value === 'string' ? replaceInvalidCharacters(value) : value] as const],
  ) as [string, string | number][]

/** `meta` of GEXF has only creator, keywords and description, so the title is part of the description. */
export const describeGraph = (title: string, note: string | null): string =>
  note === null ? title : `${title}. ${note}`

export const gexfCreator = 'Casefile'
