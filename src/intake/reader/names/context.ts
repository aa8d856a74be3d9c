import type { ReaderData } from '../data.ts'
import type { Token } from '../tokens.ts'
import type { ActorType } from '../types.ts'
import type { RunClass } from './classify.ts'

type Names = ReaderData['names']

/** What a run of capitals is by the words beside it: "the drone maker Talon Sky", "made by X", "X, a broker". */
export function classifyByContext(
  body: string,
  tokens: readonly Token[],
  from: number,
  to: number,
  names: Names,
  sentence: number,
): RunClass | null {
  const run = tokens.slice(from, to)
  if (run.some(({ text }) => /\d/.test(text))) return null
  const result = (type: ActorType, score: number, reason: string): RunClass => ({
    type,
    from,
    to,
    score,
    reason,
    post: null,
  })
  const before = tokens[from - 1]
  const beforeText = body.slice(
    Math.max(tokens[0]?.start ?? 0, (run[0]?.start ?? 0) - 90),
    run[0]?.start ?? 0,
  )
  const descriptor = findDescriptorBefore(tokens, from, names)
  if (descriptor)
    return result(descriptor.type, 0.85, `"${descriptor.word}" stands before the name`)
  const next = tokens[to]
  const isReporting =
    run.length > 1 &&
    /^(newspaper|daily|weekly|magazine|broadcaster|tabloid)$/.test(next?.key ?? '') &&
    /^(reported|reports|said|says|wrote|writes|revealed|reveals)$/.test(tokens[to + 1]?.key ?? '')
  if (isReporting) return result('publisher', 0.75, `"${next?.text}" stands after the name`)
  const isWhole =
    !next ||
    next.kind === 'mark' ||
    /^(for|to|in|on|at|and|or|was|were|is|are|had|has|which|that|by|from|under|worth|as|after|because)$/.test(
      next.key,
    )
  const holder =
    /(?:licen[cs]es?|permits?|authori[sz]ations?|applications?) (?:(?:granted|issued|held|given|submitted|made|filed) )?(?:to|of|by|from)\s*$/i.test(
      beforeText,
    )
  if (holder && isWhole && !/^(Article|Council|Decision)/.test(run[0]?.text ?? ''))
    return result('company', 0.65, 'it holds or asks for a licence')
  const afterText = tokens
    .slice(to, to + 4)
    .map(({ key }) => key)
    .join(' ')
  const isGranted =
    /(?:gave|give|gives|given|granted|grants|issued|denied|refused|awarded)\s*$/i.test(
      beforeText,
    ) &&
    /^(?:a|an|the|its|one|two|three|\d+)\b.*\b(?:licen[cs]e|permit|authori[sz]ation)/.test(
      afterText,
    )
  if (isGranted) return result('company', 0.7, 'it gets a licence')
  const doneBy =
    /(?:sold|made|built|supplied|produced|manufactured|developed|shipped|delivered)\b[^.;]{0,60}\bby\s*$/i.test(
      beforeText,
    )
  const isTown = next?.text === ',' && tokens[to + 1]?.isCapital === true
  if (doneBy && isWhole && !isTown) return result('company', 0.65, 'it made or sold something')
  const maker = names.makers.find((phrase) => endsWith(beforeText, phrase))
  if (maker && !isTown) return result('company', 0.8, `"${maker}" stands before the name`)
  const isLed =
    run.at(-1)?.isPossessive === true &&
    run.length <= 3 &&
    (names.companyPosts.has(next?.key ?? '') ||
      names.companyPosts.has(`${next?.key ?? ''} ${tokens[to + 1]?.key ?? ''}`))
  if (isLed) return result('company', 0.75, `"${next?.text}" stands after the name`)
  const site = run.length === 1 && /\.(net|com|org|info|eu|news)$/i.test(run[0]?.text ?? '')
  if (site) return result('publisher', 0.8, 'the address of a site')
  const agency =
    sentence <= 3 &&
    before?.text === '(' &&
    tokens[to]?.text === ')' &&
    /^[-–—]+$/.test(tokens[to + 1]?.text ?? '')
  if (agency) return result('publisher', 0.85, 'it stands in the dateline')
  const apposition = findApposition(tokens, to, names)
  if (apposition) return result(apposition.type, 0.85, `"${apposition.word}" stands after the name`)
  const isLikePerson =
    run.length >= 2 &&
    run.length <= 4 &&
    run.every(({ text }) => /^[\p{L}.’'-]+$/u.test(text) && !/^\p{Lu}{3,}$/u.test(text))
  if (!isLikePerson) return null
  const post = findPostBefore(tokens, from, names)
  if (post)
    return { ...result('person', 0.85, `"${post.words}" stands before the name`), post: post.range }
  if (/^(By|Interview:|Von|Par)\s*$/.test(beforeText) && from <= 2)
    return result('person', 0.8, 'it stands in the line of the author')
  if (tokens[to]?.text === ',' && tokens[to + 1]?.key === 'who')
    return result('person', 0.75, '"who" stands after the name')
  if (names.speakingVerbsAfterPerson.has(tokens[to]?.key ?? ''))
    return result('person', 0.6, `"${tokens[to]?.text}" stands after the name`)
  if (
    /^(said|says|recalls|asks)$/.test(before?.key ?? '') &&
    /[”"»,]/.test(tokens[from - 2]?.text ?? '')
  )
    return result('person', 0.7, `"${before?.text}" stands before the name`)
  return null
}

const endsWith = (text: string, phrase: string): boolean => {
  const trimmed = text
    .trimEnd()
    .replace(/\s+(?:the|a|an)$/i, '')
    .toLowerCase()
  return trimmed.endsWith(` ${phrase}`) || trimmed === phrase
}

type Descriptor = { type: ActorType; word: string }

/** "local group X", "the Sardinian daily X", "the South African firm X", "industry body X". */
function findDescriptorBefore(
  tokens: readonly Token[],
  from: number,
  names: Names,
): Descriptor | null {
  const token = tokens[from - 1]
  if (token?.kind !== 'word' || token.isCapital || token.isPossessive) return null
  const pair = `${tokens[from - 2]?.key ?? ''} ${token.key}`
  const last = token.key.split('-').at(-1) ?? token.key
  const isOf = token.key === 'of' && /^(firm|yard|company|house)$/.test(tokens[from - 2]?.key ?? '')
  if (isOf) return { type: 'company', word: `${tokens[from - 2]?.text} of` }
  if (names.publisherNouns.has(pair)) return { type: 'publisher', word: pair }
  if (names.bodyNounsBefore.has(last)) return { type: 'public-body', word: token.text }
  if (names.publisherNouns.has(token.key)) return { type: 'publisher', word: token.text }
  if (/^(broker|dealer)$/.test(last)) return null
  if (last === 'group' && names.companyNouns.has(tokens[from - 2]?.key ?? ''))
    return { type: 'company', word: pair }
  if (last === 'group' && names.companyGroupWords.has(tokens[from - 2]?.key ?? ''))
    return { type: 'company', word: pair }
  if (names.companyNouns.has(last)) return { type: 'company', word: token.text }
  if (names.forceNounsBefore.has(last)) return { type: 'armed-force', word: token.text }
  if (names.organisationNouns.has(last)) return { type: 'organisation', word: token.text }
  return null
}

/** ", a Serbian manufacturer in Kragul", ", the licensing office", ", director of". */
function findApposition(tokens: readonly Token[], to: number, names: Names): Descriptor | null {
  const open = tokens[to]?.text
  if (open !== ',' && open !== '(' && !/^[-–—]$/.test(open ?? '')) return null
  const article = tokens[to + 1]?.key ?? ''
  const hasArticle = /^(a|an|the|its|his|her|their|then|former|one)$/.test(article)
  for (let at = to + (hasArticle ? 2 : 1); at < Math.min(tokens.length, to + 8); at += 1) {
    const token = tokens[at]
    if (token?.kind !== 'word') return null
    if (
      /^(which|who|that|and|in|on|at|to|has|had|was|is|were|have|will|said|says|by)$/.test(
        token.key,
      )
    )
      return null
    const last = token.key.split('-').at(-1) ?? token.key
    const next = tokens[at + 1]
    const isHead =
      !next ||
      next.kind === 'mark' ||
      /^(of|for|in|at|from|with|on|based|that|which|who|to|and)$/.test(next.key)
    if (!isHead && !(token.isCapital && !hasArticle && names.posts.has(last))) continue
    if (names.posts.has(last) && !/^(broker|dealer|exporter)$/.test(last))
      return { type: 'person', word: token.text }
    if (!hasArticle) return null
    if (names.companyNouns.has(last)) return { type: 'company', word: token.text }
    if (names.bodyNounsAfter.has(last)) return { type: 'public-body', word: token.text }
    if (names.publisherNounsAfter.has(last)) return { type: 'publisher', word: token.text }
    if (/^(militia|brigade|rebels)$/.test(last)) return { type: 'armed-force', word: token.text }
    if (names.organisationNouns.has(last)) return { type: 'organisation', word: token.text }
    return null
  }
  return null
}

/** "chief executive Per Aasgaard", "Its chair, Bruna Salvetti", "the firm's export manager Joke Verhulst". */
function findPostBefore(tokens: readonly Token[], from: number, names: Names) {
  let at = from - 1
  const hasComma = tokens[at]?.text === ','
  if (hasComma) at -= 1
  const last = tokens[at]
  if (last?.kind !== 'word') return null
  const isPost = (token: Token | undefined) =>
    token?.kind === 'word' && names.posts.has(token.key.split('-').at(-1) ?? '')
  let head = isPost(last) ? at : -1
  // "director of the network, X": the post stands before "of".
  if (head < 0 && hasComma)
    for (let back = at; back > Math.max(0, at - 9); back -= 1) {
      if (tokens[back]?.kind === 'mark') break
      if (isPost(tokens[back]) && /^(of|for|at|in)$/.test(tokens[back + 1]?.key ?? '')) head = back
    }
  if (head < 0) return null
  let first = head
  while (
    first > 0 &&
    tokens[first - 1]?.kind === 'word' &&
    names.postWords.has(tokens[first - 1]?.key ?? '')
  )
    first -= 1
  const words = tokens
    .slice(first, at + 1)
    .map(({ text }) => text)
    .join(' ')
  return { words, range: { from: first, to: from } }
}
