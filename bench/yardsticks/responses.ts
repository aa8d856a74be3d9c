/** Formats the results of the hand-written queries as responses. */

type CitationClaim = { id: string; field: string | null; value: unknown }
type SingleRecord = { citations: CitationClaim[]; [member: string]: unknown }

/** Fills in the conflicts of a single record, of which hardly any has one. */
export function formatSingle(document: string): string {
  const from = document.lastIndexOf('"citations":[')
  return /"value":(?!null)/.test(document.slice(from)) ? addConflicts(document) : document
}

function addConflicts(document: string): string {
  const record = JSON.parse(document) as SingleRecord
  const conflicts = new Map<string, { field: string; chosen: unknown; claims: object[] }>()
  for (const { id, field, value } of record.citations) {
    if (field === null || value === null) continue
    const chosen = field
      .split('.')
      .reduce<unknown>((at, step) => (at as Record<string, unknown> | null)?.[step], record)
    const conflict = conflicts.get(field) ?? { field, chosen: chosen ?? null, claims: [] }
    conflict.claims.push({ value, citation: id })
    conflicts.set(field, conflict)
  }
  return JSON.stringify({ ...record, conflicts: [...conflicts.values()] })
}

export type ListEntryRow = { id: string; position: string; document: string }

/** A page of documents; there is one row more than fits unless it is the last page. */
export function formatPage(rows: readonly ListEntryRow[], limit: number): string {
  const documents = rows.slice(0, limit).map(({ document }) => document)
  return `{"data":[${documents.join(',')}],"next":${JSON.stringify(formatCursor(rows, limit))}}`
}

export function formatCursor(
  rows: readonly { id: string; position: string }[],
  limit: number,
): string | null {
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return last ? Buffer.from(JSON.stringify([last.position, last.id])).toString('base64url') : null
}

/** Where a page begins: position and id of the row before it stand first in a cursor, in ours as in the server's. */
export function parseCursor(text: string): [position: string, id: string] {
  const [position = '', id = ''] = JSON.parse(
    Buffer.from(text.split('~')[0] ?? '', 'base64url').toString(),
  ) as string[]
  return [position, id]
}
