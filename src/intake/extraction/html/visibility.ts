import { type Element, getAttribute, listElements, type Node, readText } from './page-tree.ts'

/** Selectors of one class or one id that a style sheet of the page hides: `.menu`, `#banner`. */
export type HiddenSelectors = ReadonlySet<string>

const hidingDeclaration = /(?:^|[;{\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))/i

/** Rules that hold on any screen only: those inside `@media` and the like are not read. */
export function findHiddenSelectors(elements: readonly Element[]): HiddenSelectors {
  const selectors = new Set<string>()
  for (const style of elements.filter(({ tagName }) => tagName === 'style')) {
    if (/print/i.test(getAttribute(style, 'media') ?? '')) continue
    const rules = readText(style)
      .slice(0, 500_000)
      .replaceAll(/\/\*[\s\S]*?\*\//g, '')
      .replaceAll(/@[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}/g, '')
    for (const [, list = '', declarations = ''] of rules.matchAll(/([^{}]+)\{([^{}]*)\}/g))
      if (hidingDeclaration.test(declarations))
        for (const selector of list.split(','))
          if (/^\s*[.#][\w-]+\s*$/.test(selector)) selectors.add(selector.trim())
  }
  return selectors
}

/** Class names by which sites hide text from the eye and keep it for screen readers. */
const hiddenClasses =
  /(?:^|\s)(?:sr-only|visually-?hidden|screen-?reader(?:-text|-only)?|element-invisible|u-hidden|is-hidden|hidden|invisible|d-none|hide|a11y-hidden|offscreen|show-for-sr|assistive-text|accessibly-hidden)(?=$|\s)/i

/** Classes of two common style sheets that show such an element on wide screens: `d-none d-md-block`. */
const shownOnWideScreens =
  /\b(?:(?:sm|md|lg|xl|2xl):|d-(?:sm|md|lg|xl)-)(?:block|flex|inline|grid|table)/

/** Whether a browser does not show this element, as far as the page itself says. */
export function isHidden(element: Element, hiddenSelectors: HiddenSelectors): boolean {
  if (getAttribute(element, 'hidden') !== null) return true
  const classes = getAttribute(element, 'class') ?? ''
  if (hiddenClasses.test(classes) && !shownOnWideScreens.test(classes)) return true
  if (hiddenSelectors.size > 0) {
    if (hiddenSelectors.has(`#${getAttribute(element, 'id') ?? ''}`)) return true
    if (classes.split(/\s+/).some((name) => hiddenSelectors.has(`.${name}`))) return true
  }
  const style = getAttribute(element, 'style')
  if (style !== null && isStyledHidden(element, style)) return true
  // Hidden from screen readers only: signs without words are decoration, words are printed all the same.
  return getAttribute(element, 'aria-hidden') === 'true' && isDecoration(element)
}

function isDecoration(element: Element): boolean {
  return listElements(element).length < 50 && !/[\p{L}\p{N}]/u.test(readText(element))
}

/** A declaration of a `style` attribute, in lower case; empty when it is not there. */
function readDeclaration(style: string, name: string): string {
  const pattern = new RegExp(`(?:^|;)\\s*${name}\\s*:\\s*([^;]+)`, 'i')
  return (pattern.exec(style)?.[1] ?? '')
    .replace(/!important/i, '')
    .trim()
    .toLowerCase()
}

function isStyledHidden(element: Element, style: string): boolean {
  if (hidingDeclaration.test(style)) return true
  const value = (name: string): string => readDeclaration(style, name)
  if (/^0(?:\.0+)?%?$/.test(value('opacity'))) return true
  if (/^0(?:px|em|rem|pt|%)?$/.test(value('font-size'))) return true
  if (/^-\d{3,}/.test(value('text-indent')) || /^-\d{3,}px/.test(value('left'))) return true
  if (/^rect\(\s*(?:0|1px)[\s,]/.test(value('clip')) && value('position') === 'absolute')
    return true
  if (/^inset\(\s*(?:50|100)%/.test(value('clip-path'))) return true
  const isEmptyBox = (size: string): boolean => /^0(?:px)?$/.test(size)
  if (value('overflow') === 'hidden' && [value('height'), value('width')].some(isEmptyBox))
    return true
  return isColouredHidden(element, value('color'))
}

/** Elements that often have a dark background by a style sheet that is not in the page. */
const colouredTags = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'a', 'button', 'td', 'th'])

/** Text in the colour of its background. Without a background the page is white. */
function isColouredHidden(element: Element, declared: string): boolean {
  const color = parseColor(declared)
  if (color === null) return false
  if (color === 'transparent') return true
  const background = findBackground(element)
  if (background !== null) return color === background
  return color === 'ffffff' && !colouredTags.has(element.tagName)
}

/** The colour that the element or the nearest ancestor declares; null when none does. */
function findBackground(element: Element): string | null {
  let node: Node | null = element
  while (node !== null && 'attrs' in node) {
    const style = getAttribute(node, 'style') ?? ''
    const declared =
      readDeclaration(style, 'background-color') || readDeclaration(style, 'background')
    const attribute = getAttribute(node, 'bgcolor') ?? ''
    if (declared !== '' || attribute !== '')
      return parseColor(declared) ?? parseColor(attribute) ?? 'unknown'
    node = node.parentNode
  }
  return null
}

/** Six hexadecimal digits, `transparent`, or null for what is not a plain colour. */
function parseColor(value: string): string | null {
  if (value === 'white') return 'ffffff'
  if (value === 'black') return '000000'
  if (value === 'transparent') return 'transparent'
  const [, short] = /^#([\da-f]{3})\b/.exec(value) ?? []
  if (short !== undefined && !/^#[\da-f]{6}/.test(value))
    return [...short].map((digit) => digit + digit).join('')
  const [, long] = /^#([\da-f]{6})/.exec(value) ?? []
  if (long !== undefined) return long
  const [, red, green, blue, alpha] =
    /^rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)(?:[\s,/]+([\d.]+))?/.exec(value) ?? []
  if (red === undefined) return null
  if (alpha !== undefined && Number(alpha) === 0) return 'transparent'
  return [red, green, blue].map((part) => Number(part).toString(16).padStart(2, '0')).join('')
}
