import { dateIn } from './dates.ts'
import type { Actor, ActorGroup, Cast, Population } from './population.ts'
import { oneOf, popular, type Random, randomOf } from './random.ts'
import type { Put } from './tables.ts'
import { bodyWriter, type Stretch } from './text.ts'
import { asides, speech } from './words.ts'

/** What a passage of the article can be cited for, and which sentences are about it. */
export type Subject = {
  group: 'permit' | 'event' | 'other'
  id: string
  fields: readonly (string | null)[]
  sentences: Stretch[]
}

/** What everything in one dossier has in common. */
export type Context = ReturnType<typeof openContext>

/** @param index of the dossier; it decides all that is in it */
export function openContext(index: number, size: Population, cast: Cast, put: Put) {
  const random: Random = randomOf('dossier', index)
  const actor = (group: ActorGroup): Actor => cast.actor(group, popular(random, size.actors[group]))
  const publisher = actor('publisher')
  const revision = index + 1
  const recordedAt = new Date(Date.UTC(2026, 0, 1) + index * 1_000).toISOString()
  const title = `Files show how ${actor('exporter').name} was allowed to export to ${actor('state').name}`
  const writer = bodyWriter(title)
  const subjects: Subject[] = []
  const year = 2000 + Math.floor((24 * index) / size.dossiers)
  return {
    ...{ index, size, cast, put, random, year, revision, recordedAt, title, publisher, subjects },
    body: writer.end,
    /** For `uuid`: ids grow with the dossiers, and within one with `step`, from 0 to 999. */
    when: (step: number): number => (index + step / 1_000) / size.dossiers,
    actor,
    good: () => cast.good(popular(random, size.goods)),
    place: () => cast.place(popular(random, size.places)),
    /** Those of a pool that become known with this dossier. */
    known(count: number): number[] {
      const first = Math.ceil((index * count) / size.dossiers)
      const next = Math.ceil(((index + 1) * count) / size.dossiers)
      return Array.from({ length: next - first }, (_, step) => first + step)
    },
    record(kind: string, id: string, slug: string, name: string): void {
      put('record', [id, kind, slug, name, revision, recordedAt])
    },
    /** Writes the sentences into the article and remembers what they can be cited for. */
    tell(
      { group, id, fields }: Omit<Subject, 'sentences'>,
      ...sentences: readonly string[]
    ): Subject {
      const told = { group, id, fields, sentences: sentences.map((one) => writer.add(one)) }
      subjects.push(told)
      return told
    },
    /** A sentence that is about no record. */
    tellAside(): void {
      const when = dateIn(random, year + 1).asStated
      writer.add(
        random() < 0.7
          ? `${oneOf(random, asides)}, ${publisher.name} reported ${when}`
          : `“${oneOf(random, speech)}” said ${actor('person').name}, who had seen the file`,
      )
    },
  }
}
