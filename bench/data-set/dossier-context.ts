import { generateDate } from './dates.ts'
import type { ActorGroup, EntityCatalog, GeneratedActor, Population } from './population.ts'
import { createRandom, pickOne, type RandomSource, randomZipfIndex } from './random.ts'
import type { RowWriter } from './tables.ts'
import { createBodyWriter, type SentenceRange } from './text.ts'
import { spokenSentences, unrelatedSentences } from './words.ts'

/** What a passage of the article can be cited for, and which sentences are about it. */
export type CitableSubject = {
  group: 'permit' | 'event' | 'other'
  id: string
  fields: readonly (string | null)[]
  sentences: SentenceRange[]
}

/** What everything in one dossier has in common. */
export type DossierContext = ReturnType<typeof createDossierContext>

/** @param index of the dossier; it decides all that is in it */
export function createDossierContext(
  index: number,
  size: Population,
  catalog: EntityCatalog,
  writeRow: RowWriter,
) {
  const random: RandomSource = createRandom('dossier', index)
  const actor = (group: ActorGroup): GeneratedActor =>
    catalog.actor(group, randomZipfIndex(random, size.actors[group]))
  const publisher = actor('publisher')
  const revision = index + 1
  const recordedAt = new Date(Date.UTC(2026, 0, 1) + index * 1_000).toISOString()
  const title = `Files show how ${actor('exporter').name} was allowed to export to ${actor('state').name}`
  const writer = createBodyWriter(title)
  const subjects: CitableSubject[] = []
  const year = 2000 + Math.floor((24 * index) / size.dossiers)
  return {
    index,
    size,
    cast: catalog,
    put: writeRow,
    random,
    year,
    revision,
    recordedAt,
    title,
    publisher,
    subjects,
    body: writer.end,
    /** For `uuid`: ids grow with the dossiers, and within one with `step`, from 0 to 999. */
    timeOfStep: (step: number): number => (index + step / 1_000) / size.dossiers,
    actor,
    good: () => catalog.good(randomZipfIndex(random, size.goods)),
    place: () => catalog.place(randomZipfIndex(random, size.places)),
    /** Those of a pool that become known with this dossier. */
    newIndexes(count: number): number[] {
      const first = Math.ceil((index * count) / size.dossiers)
      const next = Math.ceil(((index + 1) * count) / size.dossiers)
      return Array.from({ length: next - first }, (_, step) => first + step)
    },
    record(kind: string, id: string, slug: string, name: string): void {
      writeRow('record', [id, kind, slug, name, revision])
    },
    /** Writes the sentences into the article and remembers what they can be cited for. */
    writeSentences(
      { group, id, fields }: Omit<CitableSubject, 'sentences'>,
      ...sentences: readonly string[]
    ): CitableSubject {
      const subject = { group, id, fields, sentences: sentences.map((one) => writer.add(one)) }
      subjects.push(subject)
      return subject
    },
    /** A sentence that is about no record. */
    writeUnrelatedSentence(): void {
      const when = generateDate(random, year + 1).asStated
      writer.add(
        random() < 0.7
          ? `${pickOne(random, unrelatedSentences)}, ${publisher.name} reported ${when}`
          : `“${pickOne(random, spokenSentences)}” said ${actor('person').name}, who had seen the file`,
      )
    },
  }
}
