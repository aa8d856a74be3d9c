import { describe, expect, test } from 'vitest'
import { readerData } from '../../../src/intake/reader/data.ts'
import { getVerbTable } from '../../../src/intake/reader/grammar/verbs.ts'
import { read, textsOf } from './labels.ts'

describe('a reading', () => {
  test('has passages in code points, also behind characters beyond the first plane', () => {
    const body = '🛩🛩 On 3 May 2020 Norway revoked a licence, Ingrid Solberg said.'
    const points = [...body]
    const quote = ({ start, end }: { start: number; end: number }) =>
      points.slice(start, end).join('')
    const { mentions, dates, events, speech } = read(body, '2021-04-13', 'en')
    expect(mentions.map(quote)).toEqual(['Norway', 'Ingrid Solberg'])
    expect(dates.map(quote)).toEqual(['3 May 2020'])
    expect(events.map(({ trigger }) => quote(trigger))).toEqual(['revoked'])
    expect(events[0]?.participants.map(quote)).toEqual(['Norway'])
    expect(speech.map(quote)).toEqual(['Ingrid Solberg said'])
  })

  test('gives every result a passage within the body, a score and a reason', () => {
    for (const { text, published, language } of textsOf('tuned')) {
      const { length } = [...text]
      const { mentions, goods, events, dates, speech } = read(text, published, language ?? null)
      for (const { start, end } of [...mentions, ...goods, ...events, ...dates, ...speech]) {
        expect(start).toBeLessThan(end)
        expect(end).toBeLessThanOrEqual(length)
      }
      for (const { score, reasons } of [...goods, ...events]) {
        expect(score).toBeGreaterThan(0)
        expect(score).toBeLessThanOrEqual(1)
        expect(reasons.join()).toMatch(/\w/)
      }
    }
  })

  test('says what of a language it did not read', () => {
    const french = read('La Belgique a suspendu les licences pour la Libye.', '2021-04-13')
    expect(french).toMatchObject({ language: 'fr', events: [], speech: [] })
    expect(french.notRead.join()).toMatch(/English only/)
    expect(read('Belgium has suspended the licences.', '2021-04-13').notRead).toEqual([])
  })

  test.each(['', '\n\n', '.', '“”', '((((', 'A', '12', 'the the the', `${'and '.repeat(2000)}`])(
    'takes any text: %j',
    (text) => {
      expect(read(text, '2021-04-13').events).toEqual([])
    },
  )
})

describe('the files', () => {
  const data = readerData()
  const verbs = getVerbTable(data)

  test.each([
    'withdraws',
    'withdrew',
    'withdrawn',
    'withdrawing',
    'banned',
    'cancelled',
    'canceled',
    'denies',
    'vetoed',
    'froze',
    'licensing',
  ])('%s is a form of a verb', (form) => {
    expect(verbs.lemma(form)).toBeTruthy()
  })

  test('every frame has verbs or nouns, and classes that there are', () => {
    const { classes, frames } = data.frames
    for (const frame of frames) {
      expect(frame.verbs.length + frame.nouns.length, frame.type).toBeGreaterThan(0)
      for (const name of [...(frame.object ?? []), ...(frame.nounObject ?? [])])
        expect(name === 'goods' || name in classes, name).toBe(true)
    }
  })
})
