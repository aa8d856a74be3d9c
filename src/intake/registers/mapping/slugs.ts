import anyAscii from 'any-ascii'
import { sha256 } from '../../../evidence/sha256.ts'

/** The slug of a key. It is unique: if the slug does not contain the whole key, it contains its hash. */
export const slugOfKey = (prefix: string, key: string): string =>
  slugOf(prefix, key, (plain) => plain === key.toLowerCase())

/** The slug of a name. Names that differ only in case or in separators have the same slug. */
export const slugOfName = (prefix: string, name: string): string =>
  slugOf(
    prefix,
    name.toLowerCase(),
    (plain) => plain === name.toLowerCase().replaceAll(/[ ,.;:()/-]+/g, '-'),
  )

function slugOf(prefix: string, text: string, isFaithful: (plain: string) => boolean): string {
  const plain = (
    anyAscii(text)
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? []
  ).join('-')
  const start = prefix === '' ? '' : `${prefix}-`
  if (isFaithful(plain) && start.length + plain.length <= 120) return `${start}${plain}`
  const hash = sha256(text).slice(0, 8)
  const room = 120 - start.length - hash.length - 1
  const cut = plain.slice(0, room).replace(/-+$/, '')
  return `${start}${cut === '' ? '' : `${cut}-`}${hash}`
}
