import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseEdtfBounds } from '../../src/evidence/edtf.ts'
import { stateOf as findStateByName } from '../../src/evidence/names/states.ts'
import {
  findReferenceOrganisation,
  membersAt,
  membershipAt,
  referenceOrganisations,
} from '../../src/evidence/reference-data/organisations.ts'
import { referenceStates } from '../../src/evidence/reference-data/states.ts'
import { actingStateOf, organisationOf, stateOf } from '../../src/records/kinds/actors/rules.ts'

const find = (code: string) => {
  const organisation = findReferenceOrganisation(code)
  if (organisation === undefined) throw new Error(`no ${code}`)
  return organisation
}

describe('states', () => {
  test('each has two codes of its own and a name in eight languages', () => {
    const codes = referenceStates.flatMap(({ code, code3 }) => [code, code3])
    expect(new Set(codes).size).toBe(2 * referenceStates.length)
    for (const { code, code3, names } of referenceStates) {
      expect(code).toMatch(/^[A-Z]{2}$/)
      expect(code3).toMatch(/^[A-Z]{3}$/)
      expect(Object.keys(names).sort()).toEqual(['de', 'en', 'es', 'fr', 'it', 'nl', 'sv', 'tr'])
    }
  })

  test('no name or alias is recognised as another state', () => {
    // Of two states that a language calls the same, the name means neither.
    for (const { code, code3, names, aliases } of referenceStates)
      for (const name of [code, code3, ...Object.values(names), ...aliases])
        expect([name, findStateByName(name)]).toEqual([name, name === 'Congo' ? null : code])
  })
})

describe('organisations', () => {
  const codes = new Set(referenceStates.map(({ code }) => code))

  test.each(referenceOrganisations)(
    '$code: members are states, and dates are dates',
    ({ members, source, basis }) => {
      expect(source).not.toBe('')
      expect(basis).not.toBe('')
      for (const { state, from, to } of members) {
        expect(codes).toContain(state)
        const { latest } = parseEdtfBounds(from)
        const end = to === null ? null : parseEdtfBounds(to).earliest
        if (end !== null) expect(end > String(latest)).toBe(true)
      }
    },
  )

  test.each([
    ['UN', '2021-01-01', 193],
    ['EU', '2013-06-30', 27],
    ['EU', '2013-07-01', 28],
    ['EU', '2021', 27],
    ['NATO', '2017-01-01', 28],
    ['NATO', '2025', 32],
    ['OSCE', '2021', 57],
    ['WA', '2018', 42],
    ['CoE', '2021', 47],
    ['CoE', '2023', 46],
  ])('%s had on %s %i members', (code, on, count) => {
    const members = membersAt(find(code), parseEdtfBounds(on))
    expect([...members.values()].filter((grade) => grade === 'certain')).toHaveLength(count)
  })

  test.each([
    ['GB', '2020-01-31', 'certain'],
    ['GB', '2020-01', 'certain'],
    ['GB', '2020-02', 'no'],
    ['GB', '2020', 'possible'],
    ['GB', '1972-12-31/1973-01-01', 'possible'],
    ['GB', '2019/..', 'possible'],
    ['GB', '../1972', 'no'],
    ['CH', '2020', 'no'],
  ] as const)('%s was a member of the EU in %s: %s', (state, on, grade) => {
    expect(membershipAt(find('EU'), state, parseEdtfBounds(on))).toBe(grade)
  })

  test('a narrower date never makes a certain membership less certain', () => {
    const day = fc.date({
      min: new Date('1945-01-01'),
      max: new Date('2030-12-31'),
      noInvalidDate: true,
    })
    const iso = (date: Date) => date.toISOString().slice(0, 10)
    fc.assert(
      fc.property(fc.array(day, { minLength: 3, maxLength: 3 }), fc.boolean(), (days, inMiddle) => {
        const [first = '', middle = '', last = ''] = days.map(iso).sort()
        const narrow = inMiddle
          ? { earliest: middle, latest: last }
          : { earliest: first, latest: middle }
        const rank = ['no', 'possible', 'certain']
        for (const organisation of referenceOrganisations)
          for (const { state } of organisation.members) {
            const wide = membershipAt(organisation, state, { earliest: first, latest: last })
            const other = membershipAt(organisation, state, narrow)
            if (wide !== 'possible') expect(rank.indexOf(other)).toBe(rank.indexOf(wide))
          }
      }),
      { numRuns: 30 },
    )
  })
})

describe('actors', () => {
  const actor = (
    type: string,
    name: string,
    country: string | null = null,
    aliases: string[] = [],
  ) => ({
    type,
    name,
    country,
    aliases,
  })

  test.each([
    [actor('state', 'Türkiye'), 'TR'],
    [actor('state', 'TUR'), 'TR'],
    [actor('state', 'The Ottoman neighbour', 'TR'), 'TR'],
    [actor('state', 'The neighbour', null, ['Turkey']), 'TR'],
    [actor('state', 'Congo'), null],
    [actor('state', 'Congo', 'CD'), 'CD'],
    [actor('state', 'Ruritania'), null],
    [actor('company', 'Turkey'), null],
  ])('%o is the state %s', (one, code) => {
    expect(stateOf(one)).toBe(code)
  })

  test.each([
    [actor('public-body', 'Licensing unit', 'IT'), 'IT'],
    [actor('armed-force', 'The army', 'IT'), 'IT'],
    [actor('armed-force', 'The militia'), null],
    [actor('company', 'A company', 'IT'), null],
    [actor('state', 'Italien'), 'IT'],
  ])('%o acts for %s', (one, code) => {
    expect(actingStateOf(one)).toBe(code)
  })

  test.each([
    [actor('organisation', 'Europäische Union'), 'EU'],
    [actor('public-body', 'Council of the European Union'), 'EU'],
    [actor('organisation', 'The UN Security Council'), 'UN'],
    [actor('public-body', 'Council of the European Union', 'BE'), undefined],
    [actor('company', 'EU'), undefined],
    [actor('organisation', 'A charity'), undefined],
  ])('%o is the organisation %s', (one, code) => {
    expect(organisationOf(one)?.code).toBe(code)
  })
})
