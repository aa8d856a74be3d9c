import { extractDocument } from '../../../src/intake/extraction/document-extractor.ts'

/** Extracts a document without a server; `parts` are its spans as `[type, text]`. */
export async function readDocument(content: Buffer | string, name: string) {
  const bytes = Uint8Array.from(Buffer.from(content))
  const extracted = await extractDocument({ bytes, name, mediaType: null }, [])
  if (!('body' in extracted)) throw new TypeError('Text recognition was asked for twice.')
  const characters = [...extracted.body]
  const parts = extracted.spans.map(({ type, start, end }): [string, string] => [
    type,
    characters.slice(start, end).join(''),
  ])
  const textsOf = (type: string): string[] =>
    parts.filter(([partType]) => partType === type).map(([, text]) => text)
  const valuesOf = (name: string): string[] =>
    extracted.metadata.filter((entry) => entry.name === name).map(({ value }) => value)
  return { ...extracted, parts, textsOf, valuesOf }
}
