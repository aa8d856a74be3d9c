import anyAscii from 'any-ascii'
import { distance } from 'fastest-levenshtein'
import { tokensOf } from '../../../evidence/names/letters.ts'
import { stateAt, stateOf, whyNoState } from '../../../evidence/names/states.ts'
import { findReferenceOrganisation } from '../../../evidence/reference-data/organisations.ts'
import {
  findReferenceState,
  isTerritory,
  referenceStates,
} from '../../../evidence/reference-data/states.ts'
import { slugOf } from '../../documents/rules.ts'
import { readStateNames } from '../../reader/data.ts'

/** `code` is ISO 3166-1 alpha-2; `slug` is that of a new actor. */
export type State = { code: string; name: string; slug: string }

/** Why a cell is no state. */
type NoStateReason =
  | 'unknown'
  | 'territory'
  | 'former'
  | 'several'
  | 'group'
  | 'ambiguous'
  | 'other'

/** `suggestions`: the states that may be meant, the likeliest first. */
export type StateReading =
  | { kind: 'state'; state: State }
  | { kind: 'none'; reason: NoStateReason; explanation: string; suggestions: State[] }

const suggestionsMax = 3
const cacheEntriesMax = 100_000

/**
 * Reads cells as states: by ISO 3166-1 code, or by name in any language that the reference data knows, with the matcher of
 * reconciliation. What is no state is never read as one: a territory, a former state, a group, several states, words.
 */
export class StateResolver {
  readonly #cache = new Map<string, StateReading>()

  resolve(cell: string): StateReading {
    const text = cell.replaceAll(/\s+/g, ' ').trim()
    const before = this.#cache.get(text)
    if (before !== undefined) return before
    const reading = readState(text)
    if (this.#cache.size < cacheEntriesMax) this.#cache.set(text, reading)
    return reading
  }
}

/** The state with a code; undefined if the reference data has none. */
export function describeState(code: string): State | undefined {
  const reference = findReferenceState(code)
  if (reference === undefined) return undefined
  const name =
    readStateNames().get(reference.code) ?? (reference.names.en ?? code).replaceAll('&', 'and')
  return { code: reference.code, name, slug: slugOf(anyAscii(name)) }
}

function readState(text: string): StateReading {
  const state = describeState(stateOf(text) ?? '')
  if (state === undefined) return explain(text)
  if (!isTerritory(state.code)) return { kind: 'state', state }
  return none('territory', `"${text}" is a territory (${state.code}), not a state`, [state])
}

const none = (
  reason: NoStateReason,
  explanation: string,
  suggestions: readonly (State | undefined)[] = [],
): StateReading => ({
  kind: 'none',
  reason,
  explanation,
  suggestions: suggestions.filter((state) => state !== undefined),
})

const unknownPattern =
  /^(?:[-–—.?*]*|n\/?a\.?|n\.a\.?|unknown|unspecified|not known|unbekannt|onbekend|inconnue?|desconocido|sconosciuto|okänd)(?:[ (].*)?$/i
const severalPattern = /\s*[;,/+&\n]\s*| (?:and|und|en|et|y|e|och|ve|via|through|über) /iu
const groupPattern =
  /\b(?:various|diverse|divers|several|multiple|different|world|worldwide|wereld|welt|countries|landen|länder|pays|international|other|others|andere|autres)\b/iu

function explain(text: string): StateReading {
  if (unknownPattern.test(text)) return none('unknown', `"${text}" says that it is not known`)
  const near = suggestStates(text)
  const why = whyNoState(text)
  if (why === 'former') return none('former', `"${text}" is a state of the past`, near)
  if (why === 'ambiguous') return none('ambiguous', `"${text}" can be more than one state`, near)
  const parts = text.split(severalPattern).filter((part) => part !== '')
  const states = parts.map((part) => describeState(stateOf(part) ?? ''))
  if (parts.length > 1 && states.every((state) => state !== undefined))
    return none('several', `"${text}" names ${parts.length} states`, states)
  if (findReferenceOrganisation(text) !== undefined || groupPattern.test(text))
    return none('group', `"${text}" names a group, not a state`)
  const [first] = near
  const hint = first === undefined ? '' : `; did you mean ${first.name} (${first.code})?`
  return none('other', `"${text}" is not the name of a state${hint}`, near)
}

/** States that a text contains the name of, and states whose name has almost the same letters. */
function suggestStates(text: string): State[] {
  const tokens = tokensOf(text)
  const within = tokens.flatMap((_, index) => stateAt(tokens, index)?.meaning ?? [])
  return [...new Set([...within, ...findNearCodes(text)])]
    .slice(0, suggestionsMax)
    .map(describeState)
    .filter((state) => state !== undefined)
}

let letters: readonly (readonly [letters: string, code: string])[] | undefined

function findNearCodes(text: string): string[] {
  letters ??= referenceStates.flatMap(({ code, names, aliases }) =>
    [...Object.values(names), ...aliases].map((name) => [lettersOf(name), code] as const),
  )
  const asked = lettersOf(text)
  if (asked.length < 4) return []
  const edits = asked.length < 8 ? 1 : 2
  const containing = letters.filter(([name]) => asked.length >= 5 && name.includes(asked))
  const near = letters
    .filter(([name]) => Math.abs(name.length - asked.length) <= edits)
    .map(([name, code]) => ({ code, edits: distance(name, asked) }))
    .filter((one) => one.edits <= edits)
    .sort((a, b) => a.edits - b.edits)
  return [...near, ...containing.map(([, code]) => ({ code }))].map(({ code }) => code)
}

const lettersOf = (name: string): string =>
  anyAscii(name)
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '')
