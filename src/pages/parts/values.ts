import { capitalise, formatNumber, nameField, nameWord, texts } from '../texts.ts'
import { isStatedDate, renderDate } from './dates.ts'
import { type Html, html, join } from './html.ts'

/** Any JSON value of the API as HTML. The shape decides, so new fields of records appear without work here. */

export type Reference = { id?: string; slug: string; name: string; href: string }

type JsonObject = Record<string, unknown>

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isReference = (value: unknown): boolean =>
  isObject(value) && typeof value.href === 'string' && typeof value.name === 'string'

/** The page of a path of the API: `/v1/actors/canada` is `/actors/canada`. */
export const toPagePath = (href: string): string => href.replace(/^\/v1\//, '/')

export const renderLink = ({ href, name }: Pick<Reference, 'href' | 'name'>): Html =>
  html`<a href="${toPagePath(href)}">${name}</a>`

/** Whether a value says anything. */
export const isPresent = (value: unknown): boolean =>
  value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0)

export function renderValue(value: unknown, field = ''): Html {
  if (!isPresent(value)) return html`<span class="absent">${texts.notSaid}</span>`
  if (Array.isArray(value)) return renderList(value, field)
  if (isStatedDate(value)) return renderDate(value)
  if (isObject(value)) return renderObject(value)
  if (typeof value === 'number') return html`${formatNumber(value)}`
  if (typeof value === 'boolean') return html`${value ? 'yes' : 'no'}`
  return renderText(String(value), field)
}

/** Fields whose value is a word of a closed list. */
const wordFields = /^(type|status|role|becomes|legalForm|kind|state|measure|category|form|exact)$/

function renderText(text: string, field: string): Html {
  if (field === 'url') return renderUrl(text)
  if (wordFields.test(field) && /^[a-z]+(-[a-z]+)*$/.test(text)) return html`${nameWord(text)}`
  return text.includes('\n')
    ? html`${text.split(/\n+/).map((line) => html`<p>${line}</p>`)}`
    : html`${text}`
}

/** Only addresses of the web become links: `javascript:` would run. */
const renderUrl = (url: string): Html =>
  /^https?:\/\//i.test(url)
    ? html`<a href="${url}" rel="noopener noreferrer external">${url}</a>`
    : html`${url}`

function renderList(values: readonly unknown[], field: string): Html {
  const isInline = values.every((value) => typeof value !== 'object') || values.length === 1
  const items = values.map((value) => renderValue(value, field))
  if (isInline) return join(items, ', ')
  return html`<ul class="plain">${items.map((item) => html`<li>${item}</li>`)}</ul>`
}

function renderObject(value: JsonObject): Html {
  if (isReference(value)) return renderLink(value as unknown as Reference)
  if (isPlace(value)) return renderPlace(value)
  if (typeof value.currency === 'string') return renderMoney(value)
  if (isRange(value)) return renderRange(value)
  if (isReference(value.good)) return renderItem(value)
  const members = Object.entries(value).filter(([, member]) => isPresent(member))
  const [first] = members
  if (first && members.length === 1) return renderValue(first[1], first[0])
  const named = members.find(([, member]) => isReference(member) || isPlace(member))
  const lead = named ?? members.find(([name]) => /^(name|text|value|from)$/.test(name))
  const rest = members.filter((member) => member !== lead)
  const details = join(
    rest.map(([name, member]) =>
      name === 'role' || name === 'becomes'
        ? renderValue(member, name)
        : html`<span class="label">${nameField(name).toLowerCase()}</span> ${renderValue(member, name)}`,
    ),
    '; ',
  )
  return lead
    ? html`${renderValue(lead[1], lead[0])}${rest.length > 0 ? html` <span class="details">${details}</span>` : null}`
    : html`${details}`
}

const isPlace = (value: unknown): boolean =>
  isObject(value) && typeof value.name === 'string' && 'latitude' in value

const renderPlace = ({ name, country }: JsonObject): Html =>
  html`<span class="place">${name}${typeof country === 'string' ? ` (${country})` : null}</span>`

const isRange = (value: unknown): boolean =>
  isObject(value) && 'low' in value && 'high' in value && 'excludes' in value

/** What an amount can be, as the source states it: `over 20,000`, `18,000 to 20,000`. */
function renderRange({ low, high, excludes, asStated }: JsonObject): Html {
  const [least, most] = [formatBound(low), formatBound(high)]
  return html`${describeRange(least, most, String(excludes ?? ''))}${
    typeof asStated === 'string' ? html` <span class="as-stated">“${asStated}”</span>` : null
  }`
}

const formatBound = (bound: unknown): string | null =>
  bound === null || bound === undefined ? null : formatNumber(Number(bound))

function describeRange(least: string | null, most: string | null, excludes: string): string {
  if (least === most) return least ?? texts.amounts.unknown
  if (most === null) return texts.amounts.from(least ?? '', /low|both/.test(excludes))
  if (least === null) return texts.amounts.to(most, /high|both/.test(excludes))
  return texts.amounts.between(least, most)
}

const renderMoney = ({ amount, currency, ...range }: JsonObject): Html => {
  const isExact = typeof amount === 'string' && !isRange(range)
  return isExact
    ? html`${formatNumber(Number(amount))} ${currency}`
    : html`${currency} ${isRange(range) ? renderRange(range) : renderValue(amount)}`
}

/** `7 systems of MX-15D`: a good with the rest of what is said about it. */
function renderItem({ good, quantity, quantityRange, unit, ...rest }: JsonObject): Html {
  const stated = isPresent(quantity) ? quantity : quantityRange
  const details = Object.entries(rest).filter(([, member]) => isPresent(member))
  const number = isPresent(stated) ? renderQuantity(stated, unit) : null
  return html`${renderValue(good)}${number && html` <span class="quantity">× ${number}</span>`}${
    details.length > 0
      ? html` <span class="details">${join(
          details.map(
            ([name, member]) =>
              html`<span class="label">${nameField(name).toLowerCase()}</span> ${renderValue(member, name)}`,
          ),
          '; ',
        )}</span>`
      : null
  }`
}

const renderQuantity = (quantity: unknown, unit: unknown): Html =>
  html`${renderValue(quantity)}${typeof unit === 'string' ? ` ${unit}` : null}`

/** A control list entry, alias or identifier in a few words would be noise in a heading: only the first letters are raised. */
export const renderWord = (word: unknown): Html =>
  html`${typeof word === 'string' ? capitalise(nameWord(word)) : null}`
