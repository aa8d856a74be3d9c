import { z } from 'zod'
import { EventListed } from '../../records/kinds/events/schema.ts'
import { evidenceFields } from '../../records/model/schema.ts'

/** An event in its place on a timeline. */
export const TimelineEntry = EventListed.extend({
  after: z
    .enum(['certain', 'possible'])
    .nullable()
    .describe(
      'Whether it happened after everything above it in this list. `certain`: its first possible day is after the last possible day of all of them; `possible`: the dates do not exclude another order. Null for the first entry.',
    ),
  ...evidenceFields,
}).meta({ id: 'TimelineEntry', description: 'An event in its place on a timeline.' })
export type TimelineEntry = z.infer<typeof TimelineEntry>

const JsDate = z.strictObject({
  year: z.int(),
  month: z.int().optional().describe('1 to 12; absent where the source names only the year.'),
  day: z.int().optional().describe('1 to 31; absent where the source names no day.'),
})
export type JsDate = z.infer<typeof JsDate>

const Slide = z.strictObject({
  start_date: JsDate.optional().describe('Absent on the title.'),
  end_date: JsDate.optional().describe('Last part of a date that is a stretch of time.'),
  display_date: z.string().optional().describe("The date in words, with the source's own."),
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
    title: Slide.optional().describe('Names the events that have no date; absent without such.'),
  })
  .meta({ id: 'TimelineJs', description: "Knight Lab's TimelineJS 3, JSON." })
