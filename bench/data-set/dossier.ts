import { createHash } from 'node:crypto'
import { generateDate } from './dates.ts'
import {
  type CitableSubject,
  createDossierContext,
  type DossierContext,
} from './dossier-context.ts'
import { putDecisionEvent, putFollowUpEvent } from './events.ts'
import { putNewEntities } from './parties.ts'
import { putPermit } from './permits.ts'
import {
  buildUuid,
  type EntityCatalog,
  type GeneratedActor,
  type Population,
} from './population.ts'
import { pickOne, type RandomSource, randomInteger, randomZipfIndex } from './random.ts'
import type { RowWriter } from './tables.ts'
import { type GeneratedBody, pickPassage, type SentenceRange } from './text.ts'
import { unrelatedSentences } from './words.ts'

/** An article that the next dossier may cite as well. */
export type GeneratedArticle = { id: string; body: GeneratedBody; publisher: GeneratedActor }

const permitsPerDossier = 5
const citationsPerDossier = 50

/**
 * One revision: an article, five permits with the event that decided each and one event more each, the actors, goods
 * and affiliations that become known with it, and fifty citations. Every quote stands at its place in its article.
 */
export function putDossier(
  index: number,
  size: Population,
  catalog: EntityCatalog,
  previous: GeneratedArticle | null,
  writeRow: RowWriter,
): GeneratedArticle {
  const context = createDossierContext(index, size, catalog, writeRow)
  const { publisher, recordedAt, revision, subjects, title } = context
  const hashes = [sha256(`revision ${revision - 1}`), sha256(`revision ${revision}`)]
  writeRow('revision', [revision, recordedAt, 'seed', 'bench', ...hashes])
  const id = buildUuid(context.timeOfStep(0), 'article', index)
  const head = { start: 0, end: title.length }
  subjects.push({ group: 'other', id, fields: ['title'], sentences: [head] })
  putNewEntities(context)
  const permits = Array.from({ length: permitsPerDossier }, (_, step) => {
    const permit = putPermit(context, index * permitsPerDossier + step, step)
    context.writeUnrelatedSentence()
    return permit
  })
  for (const [step, permit] of permits.entries()) putDecisionEvent(context, permit, step)
  for (const [step, permit] of permits.entries()) {
    putFollowUpEvent(context, permit, permitsPerDossier + step, step === 0)
    if (step % 2 === 0) context.writeUnrelatedSentence()
  }
  const article = { id, body: context.body(), publisher }
  putArticle(context, article)
  putCitations(context, article, previous)
  return article
}

function putArticle(context: DossierContext, { id, body, publisher }: GeneratedArticle): void {
  const { index, put, random, size, title, year } = context
  const caseNumberOf = (dossier: number) => Math.floor((dossier * size.cases) / size.dossiers)
  const number = caseNumberOf(index)
  const caseId = buildUuid(number / size.cases, 'case', number)
  if (index === 0 || number !== caseNumberOf(index - 1)) {
    const name = `Exports of ${year} and what became of them, part ${number}`
    context.record('case', caseId, `case-${number}`, name)
    put('case_file', [
      caseId,
      `${pickOne(random, unrelatedSentences)}. ${pickOne(random, unrelatedSentences)}.`,
    ])
  }
  const { edtf, asStated, earliest, latest } = generateDate(random, year + 2)
  const hash = sha256(body.text)
  context.record('article', id, `article-${index}`, title)
  put('article', [
    id,
    caseId,
    publisher.id,
    [context.actor('person').name],
    `https://news.example/${year + 2}/${index}`,
    'en',
    edtf,
    asStated,
    earliest,
    latest,
    body.text,
    body.text.length,
    hash,
    Buffer.from(body.text),
    'text/plain; charset=utf-8',
    hash,
  ])
}

function putCitations(
  context: DossierContext,
  article: GeneratedArticle,
  previous: GeneratedArticle | null,
): void {
  const { index, put, random, subjects } = context
  const counts = distributeCitations(subjects, random)
  let step = 300
  for (const subject of subjects)
    for (let position = 0; position < (counts.get(subject) ?? 0); position++) {
      step += 1
      const { id, fields, sentences } = subject
      const isElsewhere = position > 0 && random() < 0.15
      const from = (isElsewhere ? previous : null) ?? article
      const choice = from === article && random() < 0.7 ? sentences : from.body.sentences
      const passage = pickPassage(from.body, pickOne(random, choice as [SentenceRange]), random)
      const field = fields[(position + randomInteger(random, 2)) % fields.length] ?? null
      const isDisputed = field === 'items.0.quantity' && random() < 0.1
      const citation = buildUuid(context.timeOfStep(step), 'citation', index, step)
      put('citation', [
        citation,
        id,
        position,
        from.id,
        passage.start,
        passage.end,
        passage.quote,
        passage.prefix,
        passage.suffix,
        field,
        isDisputed ? String(1 + randomInteger(random, 100)) : null,
        random() < 0.1 ? 0.8 : null,
      ])
      putVoices(context, citation, from.publisher)
    }
}

/** One for each subject; the others go mostly to permits and events, and of those most to a few. */
function distributeCitations(
  subjects: readonly CitableSubject[],
  random: RandomSource,
): Map<CitableSubject, number> {
  const counts = new Map(subjects.map((subject) => [subject, 1]))
  const groups = Object.groupBy(subjects, ({ group }) => group)
  const offset = randomInteger(random, subjects.length)
  for (let left = citationsPerDossier - subjects.length; left > 0; left--) {
    const chance = random()
    const of = groups[chance < 0.42 ? 'permit' : chance < 0.9 ? 'event' : 'other'] ?? []
    const subject = of[(offset + randomZipfIndex(random, of.length)) % of.length]
    if (subject) counts.set(subject, (counts.get(subject) ?? 0) + 1)
  }
  return counts
}

/** Who says so, the nearest to the fact first; the article's publisher is always the last. */
function putVoices(
  { actor, put, random, year }: DossierContext,
  citation: string,
  publisher: GeneratedActor,
): void {
  const chance = random()
  const source =
    chance < 0.2
      ? { actor: null, document: `memo of ${generateDate(random, year).edtf}` }
      : chance < 0.4
        ? { actor: actor('person').id, document: null }
        : null
  const republisher = random() < 0.4 ? { actor: actor('publisher').id, document: null } : null
  const chain = [source, republisher, { actor: publisher.id, document: null }].filter(
    (one) => one !== null,
  )
  for (const [position, voice] of chain.entries())
    put('citation_voice', [citation, position, voice.actor, voice.document])
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
