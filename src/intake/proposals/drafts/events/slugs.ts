import type { DetectedDate } from '../../reading/detection.ts'
import { createSlug } from '../draft-context.ts'

const lengthMax = 80

/** A slug of a title and a date, so that the same decision of another day has another one. */
export function createEventSlug(title: string, date: DetectedDate | null): string {
  const day = date?.edtf ? createSlug(date.edtf).slice(0, 24) : ''
  const words = createSlug(title).slice(0, day ? lengthMax - day.length - 1 : lengthMax)
  return (day ? `${words}-${day}` : words).replaceAll(/-+/g, '-').replace(/-$/, '')
}
