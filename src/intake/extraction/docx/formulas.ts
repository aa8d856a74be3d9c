import { renderExponent, renderLowered } from '../marks/raised-text.ts'
import { findChild, listChildElements, readXmlText, type XmlElement } from './xml-tree.ts'

/** A formula (ECMA-376, 22.1) on one line: fractions with a slash, exponents raised. */
export function formatFormula(element: XmlElement): string {
  const part = (name: string): string => {
    const child = findChild(element, name)
    return child ? formatFormula(child) : ''
  }
  switch (element.name) {
    case 't':
      return readXmlText(element)
    case 'f':
      return `${enclose(part('num'))}/${enclose(part('den'))}`
    case 'sSup':
      return raise(part('e'), part('sup'))
    case 'sSub':
      return `${part('e')}${renderLowered(part('e'), part('sub'))}`
    case 'sSubSup':
      return raise(`${part('e')}${renderLowered(part('e'), part('sub'))}`, part('sup'))
    case 'rad':
      return `${part('deg')}√${enclose(part('e'))}`
    case 'd':
      return `(${part('e')})`
    case 'nary':
      return `∑[${part('sub')}..${part('sup')}] ${part('e')}`
    case 'rPr':
    case 'ctrlPr':
      return ''
    default:
      return listChildElements(element).map(formatFormula).join('')
  }
}

const enclose = (text: string): string => (/^[\p{L}\p{N}.,]*$/u.test(text) ? text : `(${text})`)

const raise = (base: string, exponent: string): string =>
  /^[−–+-]?\d{1,3}$|^n$/.test(exponent)
    ? `${base}${renderExponent(exponent)}`
    : `${base}^${enclose(exponent)}`
