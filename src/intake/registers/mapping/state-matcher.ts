import { StateResolver } from '../values/states.ts'
import type { StateMatcher } from './cells/actor-reader.ts'

/** Finds states with the names and codes of the reference data; a new actor has the words of the table as an alias. */
export function createStateMatcher(language: string | null): StateMatcher {
  const resolver = new StateResolver()
  return (words) => {
    const reading = resolver.resolve(words)
    if (reading.kind === 'none') return { suggestions: reading.suggestions.map(({ name }) => name) }
    const { slug, name, code } = reading.state
    // A code is no name.
    const isName = words.length > 3 && words.toUpperCase() !== name.toUpperCase()
    const aliases = isName ? [{ name: words, language }] : []
    const input = { slug, type: 'state' as const, name, country: code, aliases, identifiers: [] }
    return { actor: { slug, input } }
  }
}
