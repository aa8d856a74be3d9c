import stateNames from '../../../reference/state-names.json' with { type: 'json' }
import reference from '../../../reference/states.json' with { type: 'json' }
import { listed } from '../names/vocabulary.ts'

/** A state or territory with its own ISO 3166-1 code. Reference data: no source document says it. */
export type ReferenceState = {
  /** ISO 3166-1 alpha-2. */
  code: string
  /** ISO 3166-1 alpha-3. */
  code3: string
  /** By language (ISO 639-1), in the languages of the dictionaries. */
  names: Readonly<Record<string, string>>
  aliases: readonly string[]
}

export const statesSource = { codes: reference.source, names: stateNames.source }

const otherData: Readonly<Record<string, { code3: string; also?: string }>> = reference.states
const namesByCode: Readonly<Record<string, Readonly<Record<string, string>>>> = stateNames.names

export const referenceStates: readonly ReferenceState[] = Object.entries(namesByCode).map(
  ([code, names]) => {
    const { code3 = '', also } = otherData[code] ?? {}
    return { code, code3, names, aliases: also === undefined ? [] : listed(also) }
  },
)

const stateByCode = new Map(
  referenceStates.flatMap((state) => [
    [state.code, state],
    [state.code3, state],
  ]),
)

/** By alpha-2 or alpha-3 code, in capitals or not. */
export const findReferenceState = (code: string): ReferenceState | undefined =>
  stateByCode.get(code.toUpperCase())

const territories = new Set(listed(reference.territories))

/** Whether a code is that of a territory, which is no independent state by ISO 3166. */
export const isTerritory = (code: string): boolean => territories.has(code)
