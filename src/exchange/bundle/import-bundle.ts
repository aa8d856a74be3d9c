import { v7 as uuidv7 } from 'uuid'
import type { Database } from '../../database/database.ts'
import type { Tx } from '../../database/transaction.ts'
import { check } from '../../evidence/anchor.ts'
import { indexText } from '../../evidence/text.ts'
import { canonical } from '../../ledger/canonical.ts'
import { Problem } from '../../problem.ts'
import { UncitableType } from '../../records/articles/schema.ts'
import { commit, type Session } from '../../records/commit.ts'
import { fromDocument, type RecordDocument } from '../../records/documents.ts'
import { kinds } from '../../records/kinds.ts'
import { references } from '../../records/references.ts'
import { asInsertions, type Rows } from '../../records/rows.ts'
import { lineOf } from './lines.ts'
import {
  insertRowsOf,
  isOwnLedger,
  keepTexts,
  knownHashes,
  placesOf,
  readerOf,
  settleStates,
  storedRecords,
  takenKeys,
  takenSlugs,
} from './queries.ts'
import { BadBundle, type Bundle } from './read-bundle.ts'
import type { BundledCitation, BundledRecord } from './schema.ts'

/** What could not be taken over, and why; what is here was left as it is. */
type Conflict = { kind: string; id: string; slug: string; why: string }

export type Imported = {
  /** The revision that it made; null when it changed nothing. */
  revision: number | null
  added: number
  /** Records that were here already, and the same. */
  same: number
  /** Citations that records had there and not here. */
  citations: number
  conflicts: Conflict[]
}

/**
 * Takes over what is new of a bundle, as one revision. What is here already is never changed but by citations that join;
 * what differs is told. All of it or nothing.
 *
 * @throws {BadBundle} when a quote does not hold or a ledger says something else than is known of it
 */
export async function importBundle(database: Database, bundle: Bundle): Promise<Imported> {
  let result: Imported | undefined
  const author = { name: 'import', keyId: null }
  const { revision } = await commit(database, author, 'import', async (session) => {
    await keepLedgers(session.tx, bundle)
    const places = await addPlaces(session.tx, bundle)
    const records = await addRecords(session, bundle)
    result = { revision: null, ...records, conflicts: [...places, ...records.conflicts] }
  }).catch((error: unknown) => {
    throw error instanceof Problem ? new BadBundle(error.message, { cause: error }) : error
  })
  if (result === undefined) throw new TypeError('The import came to no end.')
  const changed = result.added + result.citations > 0
  return { ...result, revision: changed ? revision : null }
}

/** Each ledger that is not our own is kept as it was said; ours must be what we wrote. */
async function keepLedgers(tx: Tx, { ledgers }: Bundle): Promise<void> {
  for (const { id: ledger, revisions } of ledgers) {
    const known = await knownHashes(
      tx,
      ledger,
      revisions.map(({ revision }) => revision),
    )
    const isOwn = await isOwnLedger(tx, ledger)
    for (const { revision, hash } of revisions)
      if (known.has(revision) ? known.get(revision) !== hash : isOwn)
        throw new BadBundle(
          `ledgers/${ledger}.ndjson: revision ${revision} is not what is known here of this ledger.`,
        )
    if (isOwn) continue
    const fresh = revisions.filter(({ revision }) => !known.has(revision))
    await insertRowsOf(tx, [
      [
        'originRevision',
        fresh.map(({ hash, documents, ...facts }) => ({
          ...{ ledger, number: facts.revision, hash },
          facts: canonical({ ...facts, documents: documents.map(({ text, ...one }) => one) }),
        })),
      ],
      [
        'originDocument',
        fresh.flatMap(({ revision: number, documents }) =>
          documents.map(({ record: recordId, hash }) => ({ ledger, number, recordId, hash })),
        ),
      ],
    ])
    await keepTexts(
      tx,
      revisions.flatMap(({ documents }) =>
        documents.flatMap(({ hash, text }) => (text === null ? [] : [{ hash, text }])),
      ),
    )
  }
}

async function addPlaces(tx: Tx, { places }: Bundle): Promise<Conflict[]> {
  const slugs = places.map(({ slug }) => slug)
  const here = new Map(
    (await placesOf(tx.$kysely, readerOf(tx.$kysely), slugs)).map((one) => [one.slug, one]),
  )
  await insertRowsOf(tx, [
    [
      'place',
      places.filter(({ slug }) => !here.has(slug)).map((one) => ({ id: uuidv7(), ...one })),
    ],
  ])
  return places.flatMap((place) => {
    const known = here.get(place.slug)
    if (known === undefined || canonical(known) === canonical(place)) return []
    return [
      { kind: 'place', id: place.slug, slug: place.slug, why: 'it is described otherwise here' },
    ]
  })
}

async function addRecords(session: Session, bundle: Bundle): Promise<Omit<Imported, 'revision'>> {
  const { tx } = session
  const ids = bundle.records.map(({ id }) => id)
  const stored = await storedRecords(tx.$kysely, readerOf(tx.$kysely), ids)
  const here = new Map(stored.map((one) => [one.id, lineOf(one)]))
  const conflicts: Conflict[] = []
  const refuse = ({ kind, id, record }: BundledRecord, why: string) =>
    conflicts.push({ kind, id, slug: record.slug, why })

  const wanted = bundle.records.filter(({ id }) => !here.has(id))
  const fresh = await addable(tx, wanted, new Set(here.keys()), refuse)
  const joining: { record: BundledRecord; citations: BundledCitation[] }[] = []
  let same = 0
  const citable = new Set([...here.keys(), ...fresh.map(({ id }) => id)])
  for (const record of bundle.records) {
    const known = here.get(record.id)
    if (known === undefined) continue
    const { citations: theirs, ...own } = record
    const { citations: ours, ...ownHere } = known
    const ids = new Set(ours.map(({ id }) => id))
    const more = theirs.filter(({ id }) => !ids.has(id))
    const common = theirs.filter(({ id }) => ids.has(id))
    const isSame =
      canonical(own) === canonical(ownHere) &&
      canonical(common) === canonical(ours.filter(({ id }) => common.some((one) => one.id === id)))
    if (!isSame) refuse(record, 'it says something else here')
    else if (more.length === 0) same += 1
    else if (more.every(({ article }) => citable.has(article)))
      joining.push({ record, citations: more })
    else refuse(record, 'it is cited from an article that was not taken over')
  }

  const texts = new Map<string, Awaited<ReturnType<Bundle['article']>>>()
  for (const { kind, id } of bundle.records)
    if (kind === 'article') texts.set(id, await bundle.article(id))
  const cited = [...fresh.map((record) => ({ record, citations: record.citations })), ...joining]
  checkQuotes(cited, bundle, texts)

  await insertRecords(session, fresh, texts)
  await insertRowsOf(tx, citationRows(cited, here))
  await settleStates(
    tx,
    fresh
      .filter(({ state }) => state !== 'live')
      .map(({ id, state, stateReason, mergedInto }) => ({ id, state, stateReason, mergedInto })),
  )
  for (const { kind, id, state } of fresh)
    await session.touch(
      kind,
      id,
      state === 'live' ? 'create' : state === 'merged' ? 'merge' : 'retract',
    )
  for (const { record } of joining) await session.touch(record.kind, record.id, 'update')
  return {
    ...{ added: fresh.length, same, conflicts },
    citations: joining.reduce((sum, { citations }) => sum + citations.length, 0),
  }
}

/** Of the new records those that can be added: whose slug, number and identifiers are free, and all that they rest on is there. */
async function addable(
  tx: Tx,
  wanted: readonly BundledRecord[],
  here: ReadonlySet<string>,
  refuse: (record: BundledRecord, why: string) => void,
): Promise<BundledRecord[]> {
  const slugs = await takenSlugs(
    tx,
    wanted.map(({ kind, record: { slug } }) => ({ kind, slug })),
  )
  const taken = new Map(slugs.map(({ kind, slug, id }) => [`${kind}/${slug}`, id]))
  const keys = await takenKeys(tx, keysOf(wanted))
  let left = wanted.filter((one) => {
    const other = taken.get(`${one.kind}/${one.record.slug}`)
    if (other !== undefined) {
      refuse(one, `its slug is that of another ${one.kind} here (${other})`)
      return false
    }
    const key = keyNames(one).find((name) => keys.has(name))
    if (key !== undefined) refuse(one, `another record here has its ${key.replace(' ', ' "')}"`)
    return key === undefined
  })
  for (;;) {
    const there = new Set([...here, ...left.map(({ id }) => id)])
    const next = left.filter((one) => {
      const missing = referencesOf(one).find((id) => !there.has(id))
      if (missing !== undefined) refuse(one, `it refers to ${missing}, which was not taken over`)
      return missing === undefined
    })
    if (next.length === left.length) return next
    left = next
  }
}

type Keyed = {
  identifiers?: { scheme: string; value: string }[]
  issuer?: string
  number?: string | null
  case?: string
  sourceSha256?: string
}

const keysOf = (records: readonly BundledRecord[]) => {
  const given = records.map(({ record }) => record as Keyed)
  return {
    identifiers: given.flatMap(({ identifiers = [] }) => identifiers),
    numbers: given.flatMap(({ issuer, number }) => (issuer && number ? [{ issuer, number }] : [])),
    sources: given.flatMap(({ case: caseId, sourceSha256: sha256 }) =>
      caseId && sha256 ? [{ caseId, sha256 }] : [],
    ),
    citations: records.flatMap(({ citations }) => citations.map(({ id }) => id)),
  }
}

/** As `takenKeys` names them. */
function keyNames(one: BundledRecord): string[] {
  const { identifiers, numbers, sources, citations } = keysOf([one])
  return [
    ...identifiers.map(({ scheme, value }) => `identifier ${scheme} ${value}`),
    ...numbers.map(({ issuer, number }) => `number ${issuer} ${number}`),
    ...sources.map(({ caseId, sha256 }) => `source ${caseId} ${sha256}`),
    ...citations.map((id) => `citation ${id}`),
  ]
}

function referencesOf({ kind, record, citations, mergedInto }: BundledRecord): string[] {
  const ids = new Set(mergedInto === null ? [] : [mergedInto])
  fromDocument(kinds[kind].whole, { ...record, citations } as unknown as RecordDocument, {
    reference: (id) => ids.add(id),
    place: () => null,
  })
  return [...ids]
}

type Texts = ReadonlyMap<string, { body: string; source: Uint8Array }>

/** Every anchored quote stands in the text that came with it, where it may be cited. */
function checkQuotes(
  cited: readonly { record: BundledRecord; citations: readonly BundledCitation[] }[],
  { records }: Bundle,
  texts: Texts,
): void {
  const uncitable = new Map(
    records.flatMap(({ kind, id, record }) =>
      kind === 'article'
        ? [
            [
              id,
              (record.spans as { type: string; start: number; end: number }[]).filter(
                ({ type }) => UncitableType.safeParse(type).success,
              ),
            ] as const,
          ]
        : [],
    ),
  )
  const indexed = new Map([...texts].map(([id, { body }]) => [id, indexText(body)]))
  for (const { record, citations } of cited)
    for (const citation of citations) {
      if (citation.state !== 'anchored') continue
      const text = indexed.get(citation.article)
      const at = `records.ndjson: citation ${citation.id} of the ${record.kind} ${record.record.slug}`
      if (text === undefined) throw new BadBundle(`${at}: the text of its article is missing.`)
      const held = check(text, citation, uncitable.get(citation.article) ?? [])
      if (!held.holds) throw new BadBundle(`${at}: ${held.reason}`)
    }
}

/** The rows of new records, made from what they say as a client's would be. */
async function insertRecords(
  { tx, revision, locals }: Session,
  records: readonly BundledRecord[],
  texts: Texts,
) {
  const there = new Map(locals)
  for (const { kind, id, record } of records) {
    there.set(`${kind}/${id}`, id)
    for (const reference of referencesOf({ kind, id, record } as BundledRecord & { citations: [] }))
      for (const one of Object.keys(kinds)) there.set(`${one}/${reference}`, reference)
  }
  const refs = references(tx, there)
  const rows: Rows[] = []
  const spine = []
  for (const { kind, id, record } of records) {
    const { writer } = kinds[kind]
    const at = `records.ndjson: the ${kind} ${record.slug}`
    const input = writer.input.safeParse(
      kind === 'article' ? articleInput(record, texts.get(id)) : record,
    )
    if (!input.success) {
      const [issue] = input.error.issues
      throw new BadBundle(`${at}: /${issue?.path.join('/')}: ${issue?.message}`)
    }
    rows.push(await writer.rows(id, input.data, refs, at))
    spine.push({ id, revision, kind, slug: record.slug, name: writer.nameOf(input.data) })
  }
  await insertRowsOf(tx, [['record', spine], ...asInsertions(rows)])
}

function articleInput(
  record: BundledRecord['record'],
  text: { body: string; source: Uint8Array } | undefined,
) {
  const { bodySha256, sourceSha256, ...described } = record
  return { ...described, ...text }
}

function citationRows(
  cited: readonly { record: BundledRecord; citations: readonly BundledCitation[] }[],
  here: ReadonlyMap<string, BundledRecord>,
) {
  const rows = cited.flatMap(({ record, citations }) => {
    const first = here.get(record.id)?.citations.length ?? 0
    return citations.map((citation, index) => {
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
    })
  })
  return [
    ['citation', rows.map(({ citation }) => citation)],
    ['citationVoice', rows.flatMap(({ voices }) => voices)],
  ] as const
}
