import { compareNames } from '../../../evidence/names/compare.ts'
import { soundKeyOf } from '../../../evidence/names/keys.ts'
import { matchLead, matchThreshold, type NameKind } from '../../../evidence/names/verdict.ts'
import { wordKeys } from '../../reader/tokens.ts'
import type { NamedRecord } from '../queries.ts'

/** Records that are compared with a name, those that share its rarest words first. */
const candidatesMax = 200
const acronymPattern = /^\p{Lu}{3,8}$/u

type NamedThing = Pick<NamedRecord, 'kind' | 'name' | 'aliases' | 'type' | 'country'>

/** The names of all actors and goods with a record, to find the record that a name of a text means. */
export class RecordNames {
  readonly #byId = new Map<string, NamedRecord>()
  #index: ReadonlyMap<string, NamedRecord[]> | undefined
  #bySlug: ReadonlyMap<string, NamedRecord> | undefined

  /** Adds, replaces and removes records. */
  update(changed: readonly NamedRecord[]): void {
    if (changed.length === 0) return
    for (const record of changed)
      if (record.isLive) this.#byId.set(record.id, record)
      else this.#byId.delete(record.id)
    this.#index = undefined
    this.#bySlug = undefined
  }

  list(): NamedRecord[] {
    return [...this.#byId.values()]
  }

  findBySlug(kind: NamedRecord['kind'], slug: string): NamedRecord | undefined {
    this.#bySlug ??= new Map(this.list().map((record) => [`${record.kind}|${record.slug}`, record]))
    return this.#bySlug.get(`${kind}|${slug}`)
  }

  /** The one record whose name is another spelling of this name, by the matcher of reconciliation. Null where two come near. */
  match(thing: NamedThing): { record: NamedRecord; score: number } | null {
    const scored = this.#findCandidates(thing)
      .filter((record) => canBeSame(thing, record))
      .map((record) => ({ record, score: compareAll(thing, record) }))
      .filter(({ score }) => score >= matchThreshold - matchLead)
      .sort((a, b) => b.score - a.score)
    const [best, next] = scored
    if (!best || best.score < matchThreshold) return null
    return next && best.score - next.score < matchLead ? null : best
  }

  #findCandidates({ name, aliases }: NamedThing): NamedRecord[] {
    this.#index ??= indexRecords(this.list())
    const index = this.#index
    const lists = [name, ...aliases]
      .flatMap(keysOfName)
      .flatMap((key) => index.get(key) ?? [])
      .slice(0, candidatesMax * 5)
    return [...new Set(lists)].slice(0, candidatesMax)
  }
}

function indexRecords(records: readonly NamedRecord[]): ReadonlyMap<string, NamedRecord[]> {
  const index = new Map<string, NamedRecord[]>()
  for (const record of records) {
    const keys = new Set([record.name, ...record.aliases].flatMap(keysOfName))
    for (const key of keys) {
      const found = index.get(key)
      if (found) found.push(record)
      else index.set(key, [record])
    }
  }
  return index
}

/** The sounds of its words, longest first, and its first letters or the acronym that it is. */
function keysOfName(name: string): string[] {
  const words = wordKeys(name)
  const initials = words.map((word) => word.charAt(0)).join('')
  const acronym = acronymPattern.test(name) ? name.toLowerCase() : initials
  return [
    ...words
      .filter((word) => word.length > 2 || /\d/.test(word))
      .toSorted((a, b) => b.length - a.length)
      .map((word) => soundKeyOf(word) || word),
    ...(acronym.length > 2 ? [`acronym ${acronym}`] : []),
  ]
}

const toNameKind = ({ kind, type }: Pick<NamedThing, 'kind' | 'type'>): NameKind => {
  if (kind === 'good') return 'good'
  return type === 'person' || type === 'state' ? type : 'organisation'
}

/** A person is no company, and a company of another country is another one. */
function canBeSame(thing: NamedThing, record: NamedRecord): boolean {
  if (thing.kind !== record.kind || toNameKind(thing) !== toNameKind(record)) return false
  return thing.country === null || record.country === null || thing.country === record.country
}

function compareAll(thing: NamedThing, { name, aliases }: NamedRecord): number {
  const kind = toNameKind(thing)
  const scores = [thing.name, ...thing.aliases].flatMap((asked) =>
    [name, ...aliases].map((recorded) => compareNames(asked, recorded, kind).score),
  )
  return Math.max(...scores)
}
