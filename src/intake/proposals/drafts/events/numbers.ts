import type { DetectedEvent } from '../../reading/detection.ts'

/** Numbers of an event for which a record has no field, in a sentence each. Null where there are none. */
export function describeNumbers({
  type,
  permitCount,
  permitNumber,
  value,
  becomes,
}: DetectedEvent): string | null {
  const parts: string[] = []
  if (permitCount !== null && permitCount > 1) parts.push(`${permitCount} permits.`)
  // A permit that is issued has its own draft with number and value.
  const hasPermitDraft = type === 'permit-decision' && becomes === 'issued'
  if (permitNumber && !hasPermitDraft) parts.push(`Permit number: ${permitNumber}.`)
  if (value && !hasPermitDraft) parts.push(`Value: ${value.text.trim()}.`)
  return parts.length > 0 ? parts.join(' ') : null
}
