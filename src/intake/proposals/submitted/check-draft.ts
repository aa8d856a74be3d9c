import anyAscii from 'any-ascii'
import { foldText } from '../../../evidence/fold.ts'
import { anchorQuote, type Passage, type Span } from '../../../evidence/quote-anchor.ts'
import { sha256 } from '../../../evidence/sha256.ts'
import type { IndexedText } from '../../../evidence/text.ts'
import { formatCanonicalJson } from '../../../ledger/canonical-json.ts'
import { kinds } from '../../../records/kinds/all-kinds.ts'
import { CitationInput } from '../../../records/model/schema.ts'
import { slugOf } from '../../documents/rules.ts'
import type { ProposalKind } from '../schema.ts'
import { type CheckedDraft, DraftInput, type Refusal } from './schema.ts'

type ArticleText = { slug: string; text: IndexedText; uncitable: readonly Span[] }
export type DraftCheck = { checked: CheckedDraft } | { refused: Omit<Refusal, 'index'> }

/** Checks a draft: its form, and that every quote stands exactly once where it can be cited. */
export function checkDraft(item: unknown, article: ArticleText, pointer: string): DraftCheck {
  const parsed = DraftInput.safeParse(item)
  if (!parsed.success) return refuseInvalid(parsed.error.issues, pointer)
  const { kind, draft, score, reasons } = parsed.data
  const { citations, ...fields } = draft
  const slug = fields.slug ?? makeSlug(kind, fields)
  const input = kinds[kind].writer.input.safeParse({ ...fields, slug })
  if (!input.success) return refuseInvalid(input.error.issues, `${pointer}/draft`)
  const inputs: CitationInput[] = []
  for (const [index, citation] of citations.entries()) {
    const at = `${pointer}/draft/citations/${index}`
    if (citation.article !== undefined && citation.article !== article.slug)
      return refuse('invalid', `${at}/article`, `must be "${article.slug}", or left out`, [])
    const found = findQuote(citation, article, `${at}/quote`)
    if ('refused' in found) return found
    inputs.push(CitationInput.parse({ ...citation, article: article.slug }))
  }
  const record = { ...fields, slug, citations: inputs }
  return { checked: { kind, hash: hashDraft(kind, record), record, score, reasons } }
}

const refuse = (
  reason: Refusal['reason'],
  pointer: string,
  detail: string,
  passages: readonly Passage[],
): { refused: Omit<Refusal, 'index'> } => ({
  refused: {
    reason,
    pointer,
    detail,
    passages: passages.map(({ start, end, quote, prefix, suffix }) => ({
      start,
      end,
      quote,
      prefix,
      suffix,
    })),
  },
})

function refuseInvalid(
  issues: readonly { path: PropertyKey[]; message: string }[],
  pointer: string,
): DraftCheck {
  const details = issues.map(({ path, message }) => `${[pointer, ...path].join('/')}: ${message}`)
  const [first] = issues
  return refuse(
    'invalid',
    [pointer, ...(first?.path ?? [])].join('/'),
    details.join('; ').slice(0, 2_000),
    [],
  )
}

/** The passage of a quote, or why it is refused. */
export function findQuote(
  { quote, prefix, suffix }: Pick<CitationInput, 'quote' | 'prefix' | 'suffix'>,
  { text, uncitable }: Pick<ArticleText, 'text' | 'uncitable'>,
  pointer: string,
): { passage: Passage } | { refused: Omit<Refusal, 'index'> } {
  let anchor: ReturnType<typeof anchorQuote>
  try {
    anchor = anchorQuote(text, { quote, prefix, suffix }, uncitable)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return refuse('invalid', pointer, error.message, [])
  }
  switch (anchor.state) {
    case 'anchored':
      return { passage: anchor.passage }
    case 'missing':
      return refuse(
        'quote-not-found',
        pointer,
        'the article does not have these words',
        anchor.nearest,
      )
    case 'ambiguous':
      return refuse(
        'quote-ambiguous',
        pointer,
        `the article has these words ${anchor.total} times; tell apart by prefix or suffix`,
        anchor.passages,
      )
    case 'boilerplate':
      return refuse('quote-in-boilerplate', pointer, 'these words cannot be cited', [
        anchor.passage,
      ])
  }
}

function makeSlug(kind: string, fields: Readonly<Record<string, unknown>>): string {
  const name = fields.title ?? fields.name ?? fields.designation ?? fields.role ?? kind
  return slugOf(anyAscii(String(name)))
}

/** Members in which equal drafts may differ, because each program words them in its own way. */
const wordedMembers = new Set(['slug', 'title', 'citations', 'description', 'summary'])

/** What is equal in drafts of the same record: the name of an actor or a good, else the facts. */
export function identifyDraft(
  kind: ProposalKind,
  record: Readonly<Record<string, unknown>>,
): string {
  const name = kind === 'actor' ? record.name : kind === 'good' ? record.designation : undefined
  if (typeof name === 'string') return `${kind}|${foldText(name).text.trim()}`
  const facts = Object.entries(record).filter(
    ([member, value]) => !wordedMembers.has(member) && value !== null,
  )
  return `${kind}|${formatCanonicalJson(Object.fromEntries(facts))}`
}

const hashDraft = (kind: ProposalKind, record: Readonly<Record<string, unknown>>): string =>
  sha256(`submitted|${identifyDraft(kind, record)}`).slice(0, 16)
