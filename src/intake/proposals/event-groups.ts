import { certaintyBefore, type DateBounds, parseEdtfBounds } from '../../evidence/edtf.ts'
import type { DetectedDate, DetectedEvent } from './reading/detection.ts'

/** Passages that describe the same event, in text order. */
export type EventGroup = [DetectedEvent, ...DetectedEvent[]]

/** Types of events that need no participants. */
const standaloneTypes = new Set(['report', 'disclosure', 'inquiry'])

/**
 * Groups passages that describe the same event: same type, no participant in different roles, and dates that can be the
 * same. A passage without participants joins a group that has some, or is dropped unless its type is standalone.
 */
export function groupEvents(events: readonly DetectedEvent[]): EventGroup[] {
  const groups: EventGroup[] = []
  const named = events.filter(({ participants }) => participants.length > 0)
  const unnamed = events.filter(({ participants }) => participants.length === 0)
  for (const event of [...named, ...unnamed]) {
    const sameEvent = groups.find((group) => group.every((other) => isSameEvent(other, event)))
    if (sameEvent) sameEvent.push(event)
    else if (event.participants.length > 0 || standaloneTypes.has(event.type)) groups.push([event])
  }
  for (const group of groups) group.sort((a, b) => a.triggerStart - b.triggerStart)
  return groups.sort((a, b) => a[0].triggerStart - b[0].triggerStart)
}

function isSameEvent(a: DetectedEvent, b: DetectedEvent): boolean {
  if (a.type !== b.type || a.becomes !== b.becomes || a.form !== b.form) return false
  const [fewer, more] = a.participants.length <= b.participants.length ? [a, b] : [b, a]
  const isSubset = fewer.participants.every(({ entity, role }) =>
    more.participants.some((other) => other.entity === entity && other.role === role),
  )
  if (!isSubset || !canBeSameDate(a.date, b.date)) return false
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
