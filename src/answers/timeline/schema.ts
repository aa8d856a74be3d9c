import { z } from 'zod'
import { EventListed } from '../../records/kinds/events/schema.ts'
import { evidenceFields } from '../../records/model/schema.ts'

export const TimelineEntry = EventListed.extend({
  after: z
    .enum(['certain', 'possible'])
    .nullable()
    .describe(
      'Whether it happened after all entries above it. `certain`: its first possible day is after the last possible day of all of them. `possible`: the dates allow another order. Null for the first entry.',
    ),
  ...evidenceFields,
}).meta({ id: 'TimelineEntry', description: 'An event on a timeline.' })
export type TimelineEntry = z.infer<typeof TimelineEntry>

const JsDate = z.strictObject({
  year: z.int(),
  month: z.int().optional().describe('1 to 12. Absent if the source names only the year.'),
  day: z.int().optional().describe('1 to 31. Absent if the source names no day.'),
})
export type JsDate = z.infer<typeof JsDate>

const Slide = z.strictObject({
  start_date: JsDate.optional().describe('Absent on the title slide.'),
  end_date: JsDate.optional().describe('End of a date that is a period.'),
  display_date: z
    .string()
    .optional()
    .describe('The date in words, followed by the words of the source.'),
  text: z.strictObject({
    headline: z.string().describe('HTML.'),
    text: z.string().describe('HTML.'),
  }),
  group: z.string().optional().describe('Type of the event.'),
  unique_id: z.string().optional().describe('Slug of the event.'),
})
export type Slide = z.infer<typeof Slide>

/** The file that TimelineJS (version 3) loads. */
export const TimelineJs = z
  .strictObject({
    events: z.array(Slide),
    title: Slide.optional().describe(
      'Names the events that have no date. Absent if all events have one.',
    ),
  })
  .meta({ id: 'TimelineJs', description: 'A file for TimelineJS 3 of Knight Lab.' })
