import { Parser } from 'htmlparser2'
import { DocumentError } from '../document.ts'

/** An element of an XML part. Prefixes are dropped, because producers choose them freely. */
export type XmlElement = {
  name: string
  attributes: Readonly<Record<string, string>>
  children: (XmlElement | string)[]
}

const depthMax = 500

const dropPrefix = (name: string): string => name.slice(name.indexOf(':') + 1)

/**
 * Parses an XML part without resolving entities other than those of XML itself.
 *
 * @throws {DocumentError} document-over-limit when the elements are nested too deep
 */
export function parseXml(text: string): XmlElement {
  const root: XmlElement = { name: '', attributes: {}, children: [] }
  const stack = [root]
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (stack.length > depthMax)
          throw new DocumentError('document-over-limit', 'The elements are nested too deep.')
        const element = {
          name: dropPrefix(name),
          attributes: Object.fromEntries(
            Object.entries(attributes).map(([key, value]) => [dropPrefix(key), value]),
          ),
          children: [],
        }
        stack.at(-1)?.children.push(element)
        stack.push(element)
      },
      ontext: (content) => void stack.at(-1)?.children.push(content),
      onclosetag: () => void stack.pop(),
    },
    { xmlMode: true, decodeEntities: true },
  )
  parser.end(text)
  return root
}

export const listChildElements = ({ children }: XmlElement): XmlElement[] =>
  children.filter((child): child is XmlElement => typeof child !== 'string')

export const findChild = (element: XmlElement, name: string): XmlElement | undefined =>
  listChildElements(element).find((child) => child.name === name)

export const findChildren = (element: XmlElement, name: string): XmlElement[] =>
  listChildElements(element).filter((child) => child.name === name)

export const readXmlText = ({ children }: XmlElement): string =>
  children.map((child) => (typeof child === 'string' ? child : readXmlText(child))).join('')

/** Whether a property such as `<w:strike/>` is on; null when it is not stated (ECMA-376, 17.17.4). */
export function readToggle(properties: XmlElement | undefined, name: string): boolean | null {
  const property = properties && findChild(properties, name)
  if (property === undefined) return null
  return !/^(0|false|off|none)$/i.test(property.attributes.val ?? 'true')
}
