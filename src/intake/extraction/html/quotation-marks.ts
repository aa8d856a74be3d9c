import { type Element, getAttribute, type Node } from './page-tree.ts'

/** The marks that browsers put around `<q>`, by language (CLDR); the outer pair and the pair within a quotation. */
const quotationMarks: Readonly<Record<string, readonly [string, string, string, string]>> = {
  en: ['“', '”', '‘', '’'],
  de: ['„', '“', '‚', '‘'],
  fr: ['«', '»', '«', '»'],
  it: ['«', '»', '“', '”'],
  es: ['«', '»', '“', '”'],
  sv: ['”', '”', '’', '’'],
}

/** The content of a `<q>` with the quotation marks that a reader sees, unless the page has them itself. */
export function addQuotationMarks(element: Element, content: string): string {
  if (content.trim() === '' || /^\s*["“”„«»]/.test(content)) return content
  const [open, close, innerOpen, innerClose] = quotationMarks[findLanguage(element)] ??
    quotationMarks.en ?? ['"', '"', "'", "'"]
  return isWithinQuotation(element)
    ? `${innerOpen}${content}${innerClose}`
    : `${open}${content}${close}`
}

/** The primary subtag of the nearest `lang`. */
function findLanguage(element: Element): string {
  for (const ancestor of listAncestors(element)) {
    const language = getAttribute(ancestor, 'lang')
    if (language !== null) return language.split('-')[0]?.toLowerCase() ?? ''
  }
  return 'en'
}

const isWithinQuotation = (element: Element): boolean =>
  listAncestors(element)
    .slice(1)
    .filter(({ tagName }) => tagName === 'q').length %
    2 ===
  1

/** The element and its ancestors. */
function listAncestors(element: Element): Element[] {
  const ancestors: Element[] = []
  let node: Node | null = element
  while (node !== null && 'attrs' in node) {
    ancestors.push(node)
    node = node.parentNode
  }
  return ancestors
}
