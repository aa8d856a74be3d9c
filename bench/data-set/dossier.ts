import { createHash } from 'node:crypto'
import { type Context, openContext, type Subject } from './context.ts'
import { dateIn } from './dates.ts'
import { putAftermath, putDecision } from './events.ts'
import { putNewcomers } from './parties.ts'
import { putPermit } from './permits.ts'
import { type Actor, type Cast, type Population, uuid } from './population.ts'
import { oneOf, popular, type Random, whole } from './random.ts'
import type { Put } from './tables.ts'
import { type Body, passageIn, type Stretch } from './text.ts'
import { asides } from './words.ts'

/** An article that the next dossier may cite as well. */
export type Article = { id: string; body: Body; publisher: Actor }

const permitsEach = 5
const citationsEach = 50

/**
 * One revision: an article, five permits with the event that decided each and one event more each, the actors, goods
 * and affiliations that become known with it, and fifty citations. Every quote stands at its place in its article.
 */
export function putDossier(
  index: number,
  size: Population,
  cast: Cast,
  previous: Article | null,
  put: Put,
): Article {
  const context = openContext(index, size, cast, put)
  const { publisher, recordedAt, revision, subjects, title } = context
  const hashes = [sha256(`revision ${revision - 1}`), sha256(`revision ${revision}`)]
  put('revision', [revision, recordedAt, 'seed', 'bench', ...hashes])
  const id = uuid(context.when(0), 'article', index)
  const head = { start: 0, end: title.length }
  subjects.push({ group: 'other', id, fields: ['title'], sentences: [head] })
  putNewcomers(context)
  const permits = Array.from({ length: permitsEach }, (_, step) => {
    const permit = putPermit(context, index * permitsEach + step, step)
    context.tellAside()
    return permit
  })
  for (const [step, permit] of permits.entries()) putDecision(context, permit, step)
  for (const [step, permit] of permits.entries()) {
    putAftermath(context, permit, permitsEach + step, step === 0)
    if (step % 2 === 0) context.tellAside()
  }
  const article = { id, body: context.body(), publisher }
  putArticle(context, article)
  putCitations(context, article, previous)
  return article
}

function putArticle(context: Context, { id, body, publisher }: Article): void {
  const { index, put, random, size, title, year } = context
  const caseOf = (dossier: number) => Math.floor((dossier * size.cases) / size.dossiers)
  const number = caseOf(index)
  const caseId = uuid(number / size.cases, 'case', number)
  if (index === 0 || number !== caseOf(index - 1)) {
    const name = `Exports of ${year} and what became of them, part ${number}`
    context.record('case', caseId, `case-${number}`, name)
    put('case_file', [caseId, `${oneOf(random, asides)}. ${oneOf(random, asides)}.`])
  }
  const { edtf, asStated, earliest, latest } = dateIn(random, year + 2)
  const hash = sha256(body.text)
  context.record('article', id, `article-${index}`, title)
  put('article', [
    ...[id, caseId, publisher.id, [context.actor('person').name]],
    ...[`https://news.example/${year + 2}/${index}`, 'en', edtf, asStated, earliest, latest],
    ...[body.text, body.text.length, hash, Buffer.from(body.text)],
    ...['text/plain; charset=utf-8', hash],
  ])
}

function putCitations(context: Context, article: Article, previous: Article | null): void {
  const { index, put, random, subjects } = context
  const counts = citationCounts(subjects, random)
  let step = 300
  for (const subject of subjects)
    for (let position = 0; position < (counts.get(subject) ?? 0); position++) {
      step += 1
      const { id, fields, sentences } = subject
      const isElsewhere = position > 0 && random() < 0.15
      const from = (isElsewhere ? previous : null) ?? article
      const choice = from === article && random() < 0.7 ? sentences : from.body.sentences
      const passage = passageIn(from.body, oneOf(random, choice as [Stretch]), random)
      const field = fields[(position + whole(random, 2)) % fields.length] ?? null
      const disputes = field === 'items.0.quantity' && random() < 0.1
      const citation = uuid(context.when(step), 'citation', index, step)
      put('citation', [
        ...[citation, id, position, from.id, passage.start, passage.end],
        ...[passage.quote, passage.prefix, passage.suffix, field],
        ...[disputes ? String(1 + whole(random, 100)) : null, random() < 0.1 ? 0.8 : null],
      ])
      putVoices(context, citation, from.publisher)
    }
}

/** One for each subject; the others go mostly to permits and events, and of those most to a few. */
function citationCounts(subjects: readonly Subject[], random: Random): Map<Subject, number> {
  const counts = new Map(subjects.map((subject) => [subject, 1]))
  const groups = Object.groupBy(subjects, ({ group }) => group)
  const turn = whole(random, subjects.length)
  for (let left = citationsEach - subjects.length; left > 0; left--) {
    const chance = random()
    const of = groups[chance < 0.42 ? 'permit' : chance < 0.9 ? 'event' : 'other'] ?? []
    const subject = of[(turn + popular(random, of.length)) % of.length]
    if (subject) counts.set(subject, (counts.get(subject) ?? 0) + 1)
  }
  return counts
}

/** Who says so, the nearest to the fact first; the article's publisher is always the last. */
function putVoices({ actor, put, random, year }: Context, citation: string, last: Actor): void {
  const chance = random()
  const source =
    chance < 0.2
      ? { actor: null, document: `memo of ${dateIn(random, year).edtf}` }
      : chance < 0.4
        ? { actor: actor('person').id, document: null }
        : null
  const between = random() < 0.4 ? { actor: actor('publisher').id, document: null } : null
  const chain = [source, between, { actor: last.id, document: null }].filter((one) => one !== null)
  for (const [position, voice] of chain.entries())
    put('citation_voice', [citation, position, voice.actor, voice.document])
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
