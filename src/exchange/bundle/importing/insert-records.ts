import type { Tx } from '../../../database/transaction.ts'
import { kinds } from '../../../records/kinds/all-kinds.ts'
import { rowsOfLong } from '../../../records/kinds/articles/queries.ts'
import { LongArticleInput } from '../../../records/kinds/articles/schema.ts'
import { type References, references } from '../../../records/model/references.ts'
import { asInsertions, type Rows } from '../../../records/model/rows.ts'
import type { Session } from '../../../records/write/commit.ts'
import { lineOf, refersTo, weightOf } from '../lines.ts'
import { readerOf, storedRecords } from '../queries.ts'
import { bad } from '../reading/bad-bundle.ts'
import { parsed } from '../reading/ndjson.ts'
import type { Bundle } from '../reading/read-bundle.ts'
import type { BundledCitation, BundledRecord } from '../schema.ts'
import { quoteCheck } from './check-quotes.ts'
import { groupsOf } from './groups.ts'
import {
  insertRowsOf,
  type LateReferences,
  linkLate,
  settleRegisters,
  settleStates,
} from './queries.ts'
import { newCitations, type Sorted } from './sort-records.ts'

/**
 * Writes the new records, and then the citations: any of them can cite an article and name an actor that comes after it.
 *
 * @returns how many citations joined records that were here
 * @throws {BadBundle} for a quote that does not hold
 */
export async function insertRecords(
  session: Session,
  bundle: Bundle,
  { fresh, joining, registered }: Sorted,
): Promise<number> {
  const { tx } = session
  const late: LateReferences = { publishers: [], families: [] }
  const states: Parameters<typeof settleStates>[1][number][] = []
  const quotes = quoteCheck(tx, bundle)
  for await (const group of groupsOf(bundle.records(), weightOf)) {
    for (const { kind, id, record } of group) if (kind === 'article') quotes.meet(id, record.spans)
    const wanted = group.filter(({ id }) => fresh.has(id))
    await insertGroup(session, bundle, wanted, late)
    for (const { id, state, stateReason, mergedInto } of wanted)
      if (state !== 'live') states.push({ id, state, stateReason, mergedInto })
  }
  await linkLate(tx, late)

  let joined = 0
  for await (const group of groupsOf(bundle.records(), weightOf)) {
    const cited: Cited[] = group
      .filter(({ id }) => fresh.has(id))
      .map((record) => ({ record, citations: record.citations, first: 0 }))
    const known = await storedRecords(
      tx.$kysely,
      readerOf(tx.$kysely),
      group.flatMap(({ id }) => (joining.has(id) ? [id] : [])),
    )
    for (const one of known) {
      const [ours, theirs] = [lineOf(one), group.find(({ id }) => id === one.id)]
      if (theirs === undefined) continue
      const citations = newCitations(theirs, ours)
      cited.push({ record: theirs, citations, first: ours.citations.length })
      joined += citations.length
    }
    for (const { record, citations } of cited)
      for (const citation of citations) await quotes.check(record, citation)
    await insertRowsOf(tx, citationRows(cited))
  }
  await settleStates(tx, states)
  await settleRegisters(
    tx,
    [...registered].map(([id, register]) => ({ id, ...register })),
  )
  return joined
}

/** The rows of new records, made from what they say as a client's would be. */
async function insertGroup(
  { tx, revision, locals }: Session,
  bundle: Bundle,
  records: readonly BundledRecord[],
  late: LateReferences,
): Promise<void> {
  const there = new Map(locals)
  for (const record of records)
    for (const id of [record.id, ...refersTo(record)])
      for (const kind of Object.keys(kinds)) there.set(`${kind}/${id}`, id)
  const refs = references(tx, there)
  const rows: Rows[] = []
  const spine = []
  for (const { kind, id, record, register } of records) {
    const at = `records.ndjson: the ${kind} ${record.slug}`
    const { writer } = kinds[kind]
    if (kind === 'article') {
      const { name, rows: ofArticle } = await articleRows(tx, bundle, id, record, refs, at)
      rows.push(inRegister(ofArticle, register))
      spine.push({ id, revision, kind, slug: record.slug, name })
      continue
    }
    const input = parsed(at, writer.input, record)
    rows.push(inRegister(await writer.rows(id, input, refs, at), register))
    spine.push({ id, revision, kind, slug: record.slug, name: writer.nameOf(input) })
  }
  for (const { article = [], good = [] } of rows) {
    for (const row of article) {
      if (row.publisherId) late.publishers.push({ id: row.id ?? '', of: row.publisherId })
      row.publisherId = null
    }
    for (const row of good) {
      if (row.familyId) late.families.push({ id: row.id, of: row.familyId })
      row.familyId = null
    }
  }
  await insertRowsOf(tx, [['record', spine], ...asInsertions(rows)])
}

/** Which register a record is of no client says. */
function inRegister(rows: Rows, register: BundledRecord['register']): Rows {
  if (register === undefined) return rows
  const { name, key } = register
  for (const row of rows.article ?? []) row.register = name
  for (const row of rows.permit ?? []) Object.assign(row, { register: name, registerKey: key })
  return rows
}

/** A long text is written part by part, before the article that it is of. */
async function articleRows(
  tx: Tx,
  bundle: Bundle,
  id: string,
  record: BundledRecord['record'],
  refs: References,
  at: string,
) {
  const { bodySha256, sourceSha256, ...described } = record
  if (!bundle.isLong(id)) {
    const { writer } = kinds.article
    const text = await bundle.article(id)
    const input = parsed(at, writer.input, { ...described, ...text })
    return { name: writer.nameOf(input), rows: await writer.rows(id, input, refs, at) }
  }
  const input = parsed(at, LongArticleInput, described)
  let bodyLength = 0
  for await (const parts of groupsOf(bundle.parts(id), ({ text }) => text.length / 500)) {
    await insertRowsOf(tx, [['articlePart', parts.map((part) => ({ articleId: id, ...part }))]])
    for (const { length } of parts) bodyLength += length
  }
  if (bodyLength === 0) bad(`articles/${id}/parts.ndjson: it is empty.`)
  const sums = { bodySha256: String(bodySha256), sourceSha256: String(sourceSha256) }
  const rows = await rowsOfLong(id, input, { bodyLength, ...sums }, refs, at)
  return { name: input.title, rows }
}

/** `first`: the position of the first of these citations. */
type Cited = { record: BundledRecord; citations: readonly BundledCitation[]; first: number }

function citationRows(cited: readonly Cited[]) {
  const rows = cited.flatMap(({ record, citations, first }) =>
    citations.map((citation, index) => {
      const { article, start, end, voices, value, ...others } = citation
      return {
        voices: voices.map(({ actor, document }, position) => ({
          ...{ citationId: citation.id, position, actorId: actor, document },
        })),
        citation: {
          ...others,
          ...{ recordId: record.id, position: first + index, articleId: article },
          ...{ startAt: start, endAt: end },
          ...(value !== null && value !== undefined && { value }),
        },
      }
    }),
  )
  return [
    ['citation', rows.map(({ citation }) => citation)],
    ['citationVoice', rows.flatMap(({ voices }) => voices)],
  ] as const
}
