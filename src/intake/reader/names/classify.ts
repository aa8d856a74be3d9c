import type { ReaderData } from '../data.ts'
import type { Token } from '../tokens.ts'
import type { ActorType } from '../types.ts'
import type { Lexicon } from './lexicon.ts'

/** What a run of capitals is. Token numbers count in the sentence, `to` is exclusive. */
export type RunClass = {
  type: ActorType
  from: number
  to: number
  score: number
  reason: string
  /** The post that stands before a person's name. */
  post: { from: number; to: number } | null
}

type Names = ReaderData['names']

/** What a run of capitals is by its own words; null where they do not tell. */
export function classifyRun(
  tokens: readonly Token[],
  from: number,
  to: number,
  names: Names,
  lexicon: Lexicon,
): RunClass | null {
  const run = tokens.slice(from, to)
  const keys = run.map(({ key }) => key)
  const last = keys.at(-1) ?? ''
  const result = (
    type: ActorType,
    score: number,
    reason: string,
    part: { from?: number; to?: number; post?: RunClass['post'] } = {},
  ): RunClass => ({ type, from, to, score, reason, post: null, ...part })

  const suffixed = findSuffix(run, names)
  if (suffixed) return result('company', 0.95, `"${suffixed}" ends the name of a company`)
  const person = findTitledPerson(tokens, from, to, names)
  if (person) return person
  if (run.length < 2) return null
  // "Minister of Foreign Affairs" is a post and no name.
  if (names.posts.has(keys[0] ?? '') && /^(of|for)$/.test(keys[1] ?? '')) return null

  const pair = keys.slice(-2).join(' ')
  if (names.armedWords.has(last) || names.armedWords.has(pair))
    return result('armed-force', 0.85, `"${run.at(-1)?.text}" ends the name of an armed force`)
  const given = findGivenName(run, names)
  const isBody = findHeadWord(keys, names.bodyWords, names)
  if (isBody) return result('public-body', 0.85, `"${isBody}" is in the name of a public body`)
  const isPaperOf = keys[0] === 'the' && names.publisherWords.has(keys[1] ?? '') && keys[2] === 'of'
  if ((names.publisherWords.has(last) || isPaperOf) && !given)
    return result('publisher', 0.8, `"${run.at(-1)?.text}" ends the name of a publisher`)
  const organisation = findHeadWord(keys, names.organisationWords, names)
  const isTopical = keys.some((key) => names.organisationTopics.has(key))
  const isCompany =
    names.companyWords.has(last) ||
    keys.some((key) => /.{3}(werke?|werft|fabrik|waffen|systeme|technik|chemie)$/.test(key)) ||
    names.companyFirstWords.has(keys[0] ?? '')
  if (organisation && !(organisation === 'group' && !isTopical))
    return result('organisation', 0.8, `"${organisation}" is in the name of an organisation`)
  const isFamilyName = given && names.familyNames.has(last)
  if (isCompany && !isFamilyName)
    return result('company', 0.8, `"${run.at(-1)?.text}" is in the name of a company`)
  if (keys[0] === 'bank' && keys[1] === 'of') return result('company', 0.8, 'a bank is a company')
  const known = lexicon.at(tokens, from)
  if (known?.actor?.type === 'company' && known.length < run.length)
    return result('company', 0.75, `the name begins with ${known.actor.name}`)
  if (given) return result('person', given.score, given.reason, given.part(from))
  if (isTopical && !names.companyWords.has(last))
    return result('organisation', 0.65, 'its words are those of an organisation')
  return null
}

function findSuffix(run: readonly Token[], names: Names): string | null {
  const last = run.at(-1)
  if (run.length < 2 || !last) return null
  if (names.companySuffixes.has(last.key) && !/^(le|co-op)$/.test(last.key)) return last.text
  return null
}

/** A word for what it is, at the end or before "of": "Ministry of Trade", "Foreign Ministry". */
function findHeadWord(
  keys: readonly string[],
  words: ReadonlySet<string>,
  { foreignFirstWords, wordsAfterHead }: Names,
): string | null {
  const last = keys.at(-1) ?? ''
  if (words.has(last)) return last
  const at = keys.findIndex((key) => words.has(key))
  const found = keys[at]
  if (found === undefined) return null
  // In other languages it stands first: "Ligue des Droits", "Aktion Waffenkontrolle", "Comisión ...".
  const next = keys[at + 1] ?? ''
  const isForeign = foreignFirstWords.has(found)
  return wordsAfterHead.has(next) || (at === 0 && isForeign) ? found : null
}

type Given = { score: number; reason: string; part(from: number): { from: number } }

function findGivenName(run: readonly Token[], names: Names): Given | null {
  if (run.length < 2 || run.length > 5) return null
  const letters = run.every(({ text }) => /^[\p{L}.’'ʼ-]+$/u.test(text))
  if (!letters) return null
  const [first = ''] = (run[0]?.key ?? '').split('-')
  const [, second] = run
  const isInitial = /^\p{Lu}$/u.test(run[0]?.text ?? '') || /^\p{Lu}\.?$/u.test(run[0]?.text ?? '')
  if (isInitial && run.length <= 3)
    return { score: 0.7, reason: 'an initial before a family name', part: (from) => ({ from }) }
  if (!names.givenNames.has(first) && !names.givenNames.has(run[0]?.key ?? '')) return null
  if (second && names.weakConnectors.has(second.key)) return null
  return { score: 0.85, reason: `"${run[0]?.text}" is a given name`, part: (from) => ({ from }) }
}

/** "Foreign Minister Luigi Ferrante", "Mr Lonsdale", "Minister for Industry and Technology Aylin Demir". */
function findTitledPerson(
  tokens: readonly Token[],
  from: number,
  to: number,
  names: Names,
): RunClass | null {
  let post = -1
  for (let at = from; at < to - 1; at += 1) {
    const key = tokens[at]?.key ?? ''
    const isTitle = names.titles.has(key) && /^\p{Lu}/u.test(tokens[at]?.text ?? '')
    if ((names.posts.has(takeLastPart(key)) || isTitle) && !tokens[at]?.isPossessive) post = at
    else if (post >= 0 && !names.postWords.has(key)) break
  }
  if (post < 0) return null
  let start = post + 1
  // "Mr. Spratt"
  while (tokens[start]?.text === '.' && start < to) start += 1
  if (/^(of|for|and|de|des|della|degli)$/.test(tokens[start]?.key ?? '')) {
    const given = tokens.slice(start, to).findIndex(({ key }) => names.givenNames.has(key))
    if (given <= 0) return null
    start += given
  }
  const rest = tokens.slice(start, to)
  const isName =
    rest.length >= 1 && rest.length <= 4 && rest.every(({ text }) => /^[\p{L}.’'ʼ-]+$/u.test(text))
  if (!isName) return null
  const isOther = rest.some(
    ({ key }) =>
      names.bodyWords.has(key) ||
      names.companySuffixes.has(key) ||
      names.organisationWords.has(key),
  )
  if (isOther) return null
  const isFamilyName =
    rest.length > 1 ||
    names.titles.has(tokens[post]?.key ?? '') ||
    takesFamilyName(tokens[post]?.key ?? '', names)
  if (!isFamilyName || names.neverFamilyNames.has(rest[0]?.key ?? '')) return null
  const words = tokens
    .slice(from, post + 1)
    .map(({ text }) => text)
    .join(' ')
  return {
    type: 'person',
    from: start,
    to,
    score: rest.length >= 2 ? 0.95 : 0.8,
    reason: `"${words}" stands before the name`,
    post: { from, to: start },
  }
}

/** Behind them a family name may stand alone: "President Moorkamp", "Bundeskanzler X". */
const takesFamilyName = (key: string, names: Names): boolean =>
  names.postsBeforeFamilyName.has(key) || /minister$|^kanzler|^president/.test(key)

/** "vice-president" is a president, "Deputy-Minister" a minister. */
const takeLastPart = (key: string): string => key.split('-').at(-1) ?? key
