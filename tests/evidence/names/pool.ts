import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compareNames } from '../../../src/evidence/names/compare.ts'
import { matchLead, matchThreshold, type NameKind } from '../../../src/evidence/names/verdict.ts'

export type Pair = { kind: NameKind; isSame: boolean; asked: string; recorded: string }

const rowsOf = (file: string): string[][] =>
  readFileSync(join(import.meta.dirname, file), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))

const isKind = (text: string | undefined): text is NameKind =>
  text === 'person' || text === 'organisation' || text === 'state' || text === 'good'

/** Labelled pairs: `asked` is the name in a spreadsheet, `recorded` the one that a record has. */
export const pairsOf = (file: 'tuned.tsv' | 'set-aside.tsv' | 'earlier.tsv'): Pair[] =>
  rowsOf(file).map(([kind, identity, asked = '', recorded = '']) => {
    if (!isKind(kind)) throw new Error(`${file}: ${kind} is no kind`)
    return { kind, isSame: identity === 'same', asked, recorded }
  })

export type Entity = { kind: NameKind; names: string[] }

/** Everything that the pairs name, each thing once; `entityOf` finds what a name stands for. */
export function poolOf(pairs: readonly Pair[]) {
  const parents = new Map<string, string>()
  const rootOf = (key: string): string => {
    const parent = parents.get(key) ?? key
    return parent === key ? key : rootOf(parent)
  }
  const keyOf = (kind: string, name: string) => `${kind}|${name}`
  const unite = (kind: string, one: string, other: string) =>
    parents.set(rootOf(keyOf(kind, one)), rootOf(keyOf(kind, other)))
  for (const { kind, isSame, asked, recorded } of pairs) if (isSame) unite(kind, asked, recorded)
  for (const [kind = '', one = '', other = ''] of rowsOf('also-same.tsv')) unite(kind, one, other)
  const entities = new Map<string, Entity>()
  for (const { kind, recorded } of pairs) {
    const root = rootOf(keyOf(kind, recorded))
    const entity = entities.get(root) ?? { kind, names: [] }
    if (!entity.names.includes(recorded)) entity.names.push(recorded)
    entities.set(root, entity)
  }
  return { entities, entityOf: (kind: string, name: string) => rootOf(keyOf(kind, name)) }
}

/** Each name asked for among all entities of the pool, as the reconciliation service decides. */
export function measure(pairs: readonly Pair[]) {
  const { entities, entityOf } = poolOf(pairs)
  const counts = { asked: 0, top: 0, matched: 0, wrong: 0 }
  for (const { kind, isSame, asked } of pairs) {
    const scored = [...entities].map(([id, entity]) => ({
      id,
      score: Math.max(...entity.names.map((name) => compareNames(asked, name, entity.kind).score)),
    }))
    const [best, next] = scored.sort((a, b) => b.score - a.score)
    const isRight = best?.id === entityOf(kind, asked) && best.score > 0
    const lead = (best?.score ?? 0) - (next?.score ?? 0)
    const isMatch = (best?.score ?? 0) >= matchThreshold && lead >= matchLead
    if (isSame) counts.asked += 1
    if (isSame && isRight) counts.top += 1
    if (isSame && isRight && isMatch) counts.matched += 1
    if (isMatch && !isRight) counts.wrong += 1
  }
  return {
    precision: counts.matched / (counts.matched + counts.wrong),
    recall: counts.matched / counts.asked,
    top: counts.top / counts.asked,
  }
}
