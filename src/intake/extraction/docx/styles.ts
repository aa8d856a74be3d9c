import { findChild, findChildren, readToggle, type XmlElement } from './xml-tree.ts'

/** What a style or a run says of its text; null where it says nothing. */
export type TextProperties = {
  hidden: boolean | null
  struck: boolean | null
  /** `superscript`, `subscript` or `baseline`. */
  raised: string | null
}

export function readTextProperties(properties: XmlElement | undefined): TextProperties {
  const isHidden = readToggle(properties, 'vanish') ?? readToggle(properties, 'specVanish')
  const position = Number(
    (properties && findChild(properties, 'position')?.attributes.val) ?? Number.NaN,
  )
  const vertical = properties && findChild(properties, 'vertAlign')?.attributes.val
  return {
    hidden: isHidden,
    struck: readToggle(properties, 'strike') ?? readToggle(properties, 'dstrike'),
    raised: vertical ?? (Number.isNaN(position) ? null : nameOfPosition(position)),
  }
}

/** Half-points above the line. */
const nameOfPosition = (position: number): string =>
  position >= 4 ? 'superscript' : position <= -4 ? 'subscript' : 'baseline'

export const mergeProperties = (
  ...layers: readonly (TextProperties | undefined)[]
): TextProperties => {
  const merged: TextProperties = { hidden: null, struck: null, raised: null }
  for (const layer of layers) {
    if (layer === undefined) continue
    merged.hidden = layer.hidden ?? merged.hidden
    merged.struck = layer.struck ?? merged.struck
    merged.raised = layer.raised ?? merged.raised
  }
  return merged
}

export type Styles = {
  find(id: string | undefined): TextProperties | undefined
  /** The name of a style in lower case, e.g. `caption`. */
  nameOf(id: string | undefined): string
}

/** The styles of `styles.xml`, each with what it takes from the style that it is based on. */
export function readStyles(root: XmlElement | undefined): Styles {
  const list = root && findChild(root, 'styles')
  const byId = new Map(
    (list ? findChildren(list, 'style') : []).map((style) => [style.attributes.styleId, style]),
  )
  const resolve = (id: string | undefined, depth: number): TextProperties | undefined => {
    const style = byId.get(id)
    if (style === undefined || depth > 20) return undefined
    const parent = resolve(findChild(style, 'basedOn')?.attributes.val, depth + 1)
    return mergeProperties(parent, readTextProperties(findChild(style, 'rPr')))
  }
  return {
    find: (id) => (id === undefined ? undefined : resolve(id, 0)),
    nameOf(id) {
      const style = byId.get(id)
      return (style ? (findChild(style, 'name')?.attributes.val ?? '') : (id ?? '')).toLowerCase()
    },
  }
}
