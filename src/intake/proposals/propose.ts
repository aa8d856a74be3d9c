import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Db } from '../../database/database.ts'
import { indexText } from '../../evidence/text.ts'
import { Problem } from '../../problem.ts'
import { tailOf } from '../reading/text/furniture.ts'
import type { Draft } from './drafts.ts'
import {
  type CitedPassage,
  citedPassages,
  getReadArticle,
  type ReadArticle,
  reviewsOf,
} from './queries.ts'
import { detectorOf } from './reading/detect-apart.ts'
import type { Reading } from './reading/detecting-thread.ts'
import type { Proposal, Proposals } from './schema.ts'
import type { Stretch } from './words/segment.ts'

/** A proposal, and what the review of it needs besides. */
export type OwnProposal = Proposal & { hashes: string[] }

/** About 60,000 words, which take some seconds. */
const unitsMax = 400_000

/**
 * What the rules read from an article, held against what there is and what was decided before.
 *
 * @throws {Problem} not-found, busy
 */
export async function proposeFrom(db: Db, articleId: string) {
  const read = await getReadArticle(db, articleId)
  if (read === undefined) throw new Problem('not-found', `No article has the id ${articleId}.`)
  const { found, drafts } = await readOnce(db, articleId, read)
  const cited = await citedPassages(db, articleId)
  const reviews = new Map((await reviewsOf(db, articleId)).map((review) => [review.hash, review]))
  const text = indexText(read.body ?? '')
  const passage = ({ start, end }: Stretch) => ({
    start: text.toCodePoints(start),
    end: text.toCodePoints(end),
    quote: text.text.slice(start, end),
  })
  const hashOf = (identity: string) =>
    createHash('sha256').update(identity).digest('hex').slice(0, 16)
  const idOf = (hash: string) => `${articleId}-${hash}`
  const proposals = drafts.map((draft): OwnProposal => {
    const hashes = draft.identities.map(hashOf)
    const [first = ''] = hashes
    const passages = draft.passages.map(passage)
    const review = hashes.map((hash) => reviews.get(hash)).find(Boolean)
    const there = citing(draft, passages, cited)
    return {
      ...{ id: idOf(first), hashes, kind: draft.kind },
      state: review?.decision ?? (there ? 'known' : 'open'),
      record: review?.record ?? there ?? knownOf(draft),
      ...{ draft: draft.record, passages, score: draft.score, reasons: draft.reasons },
      needs: draft.needs.map((identity) => idOf(hashOf(identity))),
    }
  })
  const named = (entity: { name: string; known: { slug: string } | null }) => ({
    name: entity.name,
    record: entity.known?.slug ?? null,
  })
  const answer: Omit<Proposals, 'data'> = {
    article: read.article,
    readTo: text.toCodePoints(Math.min(text.text.length, unitsMax)),
    mentions: [...found.mentions, ...found.goods]
      .toSorted((a, b) => a.start - b.start)
      .map(({ entity, how, ...at }) => ({ ...passage(at), ...named(entity), how })),
    dates: found.dates.map(({ edtf, reasoning, words, ...at }) => ({
      ...passage(at),
      date: edtf === null ? null : { edtf, asStated: words, reasoning },
    })),
    quantities: found.quantities.map(({ value, unit, good, ...at }) => ({
      ...passage(at),
      ...{ value, unit, good: good && named(good) },
    })),
    speech: found.speech.map(({ voice, ...at }) => ({
      ...passage(at),
      actor: voice.entity && named(voice.entity),
      document: voice.document,
    })),
  }
  return { proposals, answer }
}

const knownOf = ({ known, kind }: Draft) =>
  known && { id: known.id, slug: known.slug, name: known.name, href: `/v1/${kind}s/${known.slug}` }

/** The record of the same kind that cites one of these passages already. */
function citing(draft: Draft, passages: readonly Stretch[], cited: readonly CitedPassage[]) {
  if (draft.known)
    return cited.find((one) => one.kind === draft.kind && one.record.slug === draft.known?.slug)
      ?.record
  if (draft.kind === 'actor' || draft.kind === 'good') return undefined
  const same = cited.filter(
    (one) => one.kind === draft.kind && (draft.kind !== 'event' || one.type === draft.type),
  )
  const overlap = (one: CitedPassage) =>
    Math.max(
      0,
      ...passages.map(({ start, end }) => Math.min(end, one.end) - Math.max(start, one.start)),
    )
  const best = same.toSorted((a, b) => overlap(b) - overlap(a))[0]
  return best && overlap(best) > 0 ? best.record : undefined
}

const readings = new WeakMap<Db, LRUCache<string, Reading>>()

/** Reads an article by the rules; the same article beside the same names is read once. */
async function readOnce(db: Db, articleId: string, read: ReadArticle): Promise<Reading> {
  const { article, body, earliest, latest, hasDate } = read
  const text = body ?? ''
  const kept = readings.get(db) ?? new LRUCache<string, Reading>({ max: 20 })
  readings.set(db, kept)
  const keyAt = (revision: number) =>
    [articleId, article.slug, revision, earliest, latest].join('|')
  const { reading, revision } = await detectorOf(db).read(
    () => ({
      ...{ slug: article.slug, text, stretches: stretchesOf(text, read) },
      published: hasDate ? { earliest, latest } : null,
    }),
    (at) => kept.get(keyAt(at)),
  )
  kept.set(keyAt(revision), reading)
  return reading
}

/** The body without what may not be cited, and without the teasers below it that nobody marked. */
function stretchesOf(body: string, { uncitable }: ReadArticle): Stretch[] {
  const text = indexText(body)
  const tail = tailOf(body)
  const hidden = [
    ...uncitable.map(({ start, end }) => ({ start: text.toUnits(start), end: text.toUnits(end) })),
    ...(tail ? [{ start: tail.start, end: body.length }] : []),
    { start: unitsMax, end: Number.POSITIVE_INFINITY },
  ].sort((a, b) => a.start - b.start)
  const stretches: Stretch[] = []
  let from = 0
  for (const { start, end } of hidden) {
    if (Math.min(start, body.length) > from)
      stretches.push({ start: from, end: Math.min(start, body.length) })
    from = Math.max(from, end)
  }
  return stretches
}
