import { certaintyBefore, type DateBounds, parseEdtfBounds } from '../../evidence/edtf.ts'
import type { DetectedDate } from './detect/dates/detect-dates.ts'
import type { DetectedEvent } from './detect/events/event.ts'

/** Passages that tell of the same event; the first is the first in the text. */
export type EventGroup = [DetectedEvent, ...DetectedEvent[]]

const standaloneTypes = new Set(['report', 'disclosure', 'inquiry'])

/**
 * Puts together what tells of one event: of the same type, with participants of whom none has another role, and dates that
 * can be the same. What names nobody joins one that does, and stands by itself only where a deed can do without.
 */
export function groupEvents(events: readonly DetectedEvent[]): EventGroup[] {
  const groups: EventGroup[] = []
  const named = events.filter(({ participants }) => participants.length > 0)
  const unnamed = events.filter(({ participants }) => participants.length === 0)
  for (const event of [...named, ...unnamed]) {
    const group = groups.find((one) => one.every((other) => isSameEvent(other, event)))
    if (group) group.push(event)
    else if (event.participants.length > 0 || standaloneTypes.has(event.rule.type))
      groups.push([event])
  }
  for (const group of groups) group.sort((a, b) => a.triggerStart - b.triggerStart)
  return groups.sort((a, b) => a[0].triggerStart - b[0].triggerStart)
}

function isSameEvent(a: DetectedEvent, b: DetectedEvent): boolean {
  const { rule } = a
  if (rule.type !== b.rule.type || rule.becomes !== b.rule.becomes) return false
  if (rule.form !== b.rule.form) return false
  const [fewer, more] = a.participants.length <= b.participants.length ? [a, b] : [b, a]
  const isWithin = fewer.participants.every((one) =>
    more.participants.some(({ entity, role }) => entity === one.entity && role === one.role),
  )
  if (!isWithin || !canBeSameDate(a.date, b.date)) return false
  if (fewer.participants.length > 0) return true
  // What names nobody: the same deed in the same sentence, or the one inquiry or disclosure that the text tells of.
  return a.sentence === b.sentence || rule.type === 'inquiry' || rule.type === 'disclosure'
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

/** To read a date takes long, and the same ones come again. */
function parseBoundsCached(edtf: string): DateBounds {
  const bounds = boundsCache.get(edtf) ?? parseEdtfBounds(edtf)
  if (boundsCache.size < 10_000) boundsCache.set(edtf, bounds)
  return bounds
}

/** The date that says most: the narrowest. */
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
