import type { ReaderData } from '../data.ts'

export type Form = 'base' | 's' | 'past' | 'participle' | 'ing'
type Entry = { lemma: string; forms: Set<Form> }

/** Every form of every verb that the reader knows. */
export type VerbTable = {
  find(key: string): Entry | undefined
  /** The base of any of its forms: "withdrawn" of "withdraw". */
  lemma(key: string): string | undefined
}

const table = new WeakMap<ReaderData, VerbTable>()

export function getVerbTable(data: ReaderData): VerbTable {
  const known = table.get(data)
  if (known) return known
  const entries = new Map<string, Entry>()
  const doubled = new Set(data.verbs.doubled)
  for (const lemma of collectLemmas(data))
    for (const [form, key] of listForms(lemma, data.verbs.irregular, doubled)) {
      const entry = entries.get(key)
      if (!entry) entries.set(key, { lemma, forms: new Set([form]) })
      else if (entry.lemma === lemma) entry.forms.add(form)
    }
  const made: VerbTable = {
    find: (key) => entries.get(key),
    lemma: (key) => entries.get(key)?.lemma,
  }
  table.set(data, made)
  return made
}

function collectLemmas(data: ReaderData): Set<string> {
  const { verbs, frames, saying, doubt } = data
  const first = (phrase: string) => phrase.split(' ')[0] ?? ''
  return new Set([
    ...frames.frames.flatMap((frame) => frame.verbs.map(first)),
    ...frames.endings.verbs,
    ...frames.endings.of,
    ...saying.verbs,
    ...doubt.denials,
    ...doubt.factualBeforeThat,
    ...[...doubt.factualBeforeInfinitive].map(first),
    ...doubt.factualBeforeNoun,
    ...verbs.other,
  ])
}

const auxiliary = new Set(['be', 'have', 'do'])

function listForms(
  lemma: string,
  irregular: ReaderData['verbs']['irregular'],
  doubled: ReadonlySet<string>,
): [Form, string][] {
  const stem = doubled.has(lemma) ? `${lemma}${lemma.at(-1)}` : lemma
  const past = irregular[lemma] ?? formRegularPast(lemma, stem)
  const forms: [Form, string][] = [
    ['base', lemma],
    [
      's',
      /(?:s|sh|ch|x|z|o)$/.test(lemma)
        ? `${lemma}es`
        : /[^aeiou]y$/.test(lemma)
          ? `${lemma.slice(0, -1)}ies`
          : `${lemma}s`,
    ],
    ['past', past[0]],
    ['participle', past[1]],
    ['ing', formIng(lemma, stem)],
  ]
  // American spelling: canceled, traveled.
  if (lemma === 'cancel')
    forms.push(['past', 'canceled'], ['participle', 'canceled'], ['ing', 'canceling'])
  if (auxiliary.has(lemma)) return forms.filter(([form]) => form !== 'base')
  return forms
}

function formRegularPast(lemma: string, stem: string): [string, string] {
  const past = lemma.endsWith('e')
    ? `${lemma}d`
    : /[^aeiou]y$/.test(lemma)
      ? `${lemma.slice(0, -1)}ied`
      : `${stem}ed`
  return [past, past]
}

function formIng(lemma: string, stem: string): string {
  if (lemma.endsWith('ie')) return `${lemma.slice(0, -2)}ying`
  return /[^eoy]e$/.test(lemma) ? `${lemma.slice(0, -1)}ing` : `${stem}ing`
}
