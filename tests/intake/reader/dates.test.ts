import { describe, expect, test } from 'vitest'
import { parseEdtfBounds } from '../../../src/evidence/edtf.ts'
import { type LanguageCode, readerData } from '../../../src/intake/reader/data.ts'
import { createDateFinder, detectLanguage } from '../../../src/intake/reader/values/dates.ts'

const found = (
  text: string,
  published: string | null = '2021-04-13',
  language: LanguageCode = 'en',
) =>
  createDateFinder(
    readerData().calendar,
    published === null ? null : parseEdtfBounds(published),
    language,
  )(text, 0, 0).map(({ words, edtf, relation }) => [words, edtf, relation])

describe('dates in English', () => {
  test.each([
    ['on 2020-05-03', '2020-05-03'],
    ['on 15.10.2019', '2019-10-15'],
    ['on 14/03/2023', '2023-03-14'],
    ['on 03/25/2020', '2020-03-25'],
    ['in the spring of 2018', '2018-21'],
    ['in Q3 2019', '2019-07/2019-09'],
    ['in mid-2018', '2018-05/2018-08'],
    ['in late October 2018', '2018-10'],
    ['in the 1980s', '198X'],
    ['between 2 May 1997 and 31 December 1999', '1997-05-02/1999-12-31'],
    ['from March to May 2016', '2016-03/2016-05'],
    ['in 2016-2019', '2016/2019'],
    ['on Monday', '2021-04-12'],
    ['last month', '2021-03'],
    ['last week', '2021-04-05/2021-04-11'],
    ['two weeks ago', '2021-03-30'],
    ['in December', '2020-12'],
    ['on 20 April', '2020-04-20'],
    ['in March last year', '2020-03'],
  ])('%s is %s', (text, edtf) => {
    expect(found(text).map(([, date]) => date)).toEqual([edtf])
  })

  test.each([
    ['since April 2017', '2017-04/..', 'since'],
    ['until 2019', '../2019', 'until'],
    ['by 2025', '2025', 'by'],
    ['before June 2018', '2018-06', 'before'],
    ['after 2015', '2015', 'after'],
  ])('%s is %s, and %s', (text, edtf, relation) => {
    expect(found(text).map(([, date, how]) => [date, how])).toEqual([[edtf, relation]])
  })

  test.each([
    'They may march.',
    'It had 2020 rounds in store.',
    'Resolution 1970 of the council.',
    'Licence 44-B/2016 was issued.',
    'The model 2000-X flew.',
  ])('there is none in: %s', (text) => {
    expect(found(text).filter(([, edtf]) => edtf !== null)).toEqual([])
  })

  test('without the day of the article, what counts from it stays open', () => {
    expect(found('on Monday and on 3 May 2020', null)).toEqual([
      ['on Monday', null, 'on'],
      ['3 May 2020', '2020-05-03', 'on'],
    ])
  })

  test('a day that does not exist has its words and no date', () => {
    expect(found('on 31 June 2020').map(([, edtf]) => edtf)).toEqual([null])
  })

  test('what is to come is not put into the past', () => {
    expect(found('It will start on 20 June').map(([, edtf]) => edtf)).toEqual(['2021-06-20'])
  })

  test('an article of a range of days leaves a range', () => {
    expect(found('on Friday', '2021-01/2021-05').map(([, edtf]) => edtf)).toEqual([
      '2021-01-01/2021-05-28',
    ])
  })
})

describe('dates in other languages', () => {
  test.each([
    ['fr', 'le 1er mars 2019', '2019-03-01'],
    ['fr', 'depuis juin 2018', '2018-06/..'],
    ['fr', 'entre 2014 et 2018', '2014/2018'],
    ['de', 'am 28. März 2019', '2019-03-28'],
    ['de', 'zwischen 2015 und 2018', '2015/2018'],
    ['de', 'im Herbst 2017', '2017-23'],
    ['nl', 'op 14 mei 2020', '2020-05-14'],
    ['it', 'il 29 gennaio 2021', '2021-01-29'],
    ['it', 'tra il 2016 e il 2018', '2016/2018'],
    ['es', 'el 5 de julio de 2019', '2019-07-05'],
    ['tr', '29 Ekim 2020', '2020-10-29'],
    ['sv', 'den 6 juni 2018', '2018-06-06'],
  ] as const)('%s: %s', (language, text, edtf) => {
    expect(found(text, '2021-04-13', language).map(([, date]) => date)).toEqual([edtf])
  })

  test.each([
    ['en', 'The licence was granted to the firm in the spring.'],
    ['fr', 'Le ministère a suspendu les licences pour la Libye.'],
    ['de', 'Die Regierung hat den Export in die Türkei nicht genehmigt.'],
    ['nl', 'Het ministerie heeft de vergunning niet ingetrokken.'],
    ['it', 'Il governo ha revocato le licenze della società.'],
    ['es', 'El gobierno no ha revocado las licencias de los exportadores.'],
    ['tr', 'Bakanlık bu lisans için bir karar verdi ve daha sonra iptal etti.'],
    ['sv', 'Regeringen har inte återkallat de tillstånd som gäller för export.'],
  ])('%s is told by its small words', (language, text) => {
    expect(detectLanguage(text)).toBe(language)
  })
})
