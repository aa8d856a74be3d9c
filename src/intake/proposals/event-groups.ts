import { certaintyBefore, type DateBounds, parseEdtfBounds } from '../../evidence/edtf.ts'
import type { DetectedDate, DetectedEvent } from './reading/detection.ts'

/** Passages that describe the same event, in text order. */
export type EventGroup = [DetectedEvent, ...DetectedEvent[]]

/** Types of events that need no participants. */
const standaloneTypes = new Set(['report', 'disclosure', 'inquiry'])

/**
 * Groups passages that describe the same event: same type, no participant in different roles, and dates that can be the
 * same. A passage without participants joins a group that has some. Else it is an event of its own if its type is standalone,
 * or if it says which thing it is about and no other passage of the article can mean the same event.
 */
export function groupEvents(events: readonly DetectedEvent[]): EventGroup[] {
  const groups: EventGroup[] = []
  const named = events.filter(({ participants }) => participants.length > 0)
  const unnamed = events.filter(({ participants }) => participants.length === 0)
  for (const event of [...named, ...unnamed]) {
    const sameEvent = groups.find((group) => group.every((other) => isSameEvent(other, event)))
    if (sameEvent) sameEvent.push(event)
    else if (event.participants.length > 0 || standaloneTypes.has(event.type)) groups.push([event])
    else if (isIdentified(event) && !groups.some(([other]) => canBeSameEvent(other, event)))
      groups.push([event])
  }
  for (const group of groups) group.sort((a, b) => a.triggerStart - b.triggerStart)
  return groups.sort((a, b) => a[0].triggerStart - b[0].triggerStart)
}

/** Whether an event without participants says more than that something was done. */
function isIdentified(event: DetectedEvent): boolean {
  const { date, destination, exporter, goods, permitCount, permitNumber, quantity, value } = event
  return [date, destination, exporter, goods[0], permitCount, permitNumber, quantity, value].some(
    (one) => one !== null && one !== undefined,
  )
}

/** Whether `event` can tell again what `told` tells: a date of its own that `told` lacks makes it another event. */
const canBeSameEvent = (told: DetectedEvent, event: DetectedEvent): boolean =>
  told.type === event.type &&
  told.becomes === event.becomes &&
  !hasOtherPermits(told, event) &&
  (!event.date?.edtf || told.date?.edtf !== undefined) &&
  canBeSameDate(told.date, event.date)

/** Whether numbers or names of the permits of two decisions contradict each other. */
function hasOtherPermits(a: DetectedEvent, b: DetectedEvent): boolean {
  const fields = ['permitNumber', 'permitCount', 'destination', 'exporter'] as const
  return fields.some((field) => a[field] !== null && b[field] !== null && a[field] !== b[field])
}

function isSameEvent(a: DetectedEvent, b: DetectedEvent): boolean {
  if (a.type !== b.type || a.becomes !== b.becomes || a.form !== b.form) return false
  const [fewer, more] = a.participants.length <= b.participants.length ? [a, b] : [b, a]
  const isSubset = fewer.participants.every(({ entity, role }) =>
    more.participants.some((other) => other.entity === entity && other.role === role),
  )
  if (!isSubset || !canBeSameDate(a.date, b.date) || hasOtherPermits(a, b)) return false
  if (fewer.participants.length > 0) return true
  // Without participants: only within a sentence, except that a text describes one inquiry or disclosure.
  return a.sentence === b.sentence || a.type === 'inquiry' || a.type === 'disclosure'
}

function canBeSameDate(a: DetectedDate | null, b: DetectedDate | null): boolean {
  if (!a?.edtf || !b?.edtf) return true
  if (a.edtf === b.edtf) return true
  const [first, second] = [parseBoundsCached(a.edtf), parseBoundsCached(b.edtf)]
  return (
    certaintyBefore(first, second) !== 'certain' && certaintyBefore(second, first) !== 'certain'
  )
}

const boundsCache = new Map<string, DateBounds>()

/** Parsing a date is slow, and groups compare the same dates many times. */
function parseBoundsCached(edtf: string): DateBounds {
  const bounds = boundsCache.get(edtf) ?? parseEdtfBounds(edtf)
  if (boundsCache.size < 10_000) boundsCache.set(edtf, bounds)
  return bounds
}

/** The most precise date of a group. */
export function pickNarrowestDate(group: EventGroup): DetectedDate | null {
  const dated = group.flatMap(({ date }) => (date ? [date] : []))
  const width = ({ edtf }: DetectedDate): number => {
    if (edtf === null) return Number.POSITIVE_INFINITY
    const { earliest, latest } = parseBoundsCached(edtf)
    if (earliest === null || latest === null) return Number.MAX_SAFE_INTEGER
    return Date.parse(latest) - Date.parse(earliest)
  }
  return dated.toSorted((a, b) => width(a) - width(b))[0] ?? null
}
