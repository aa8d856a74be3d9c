import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { RegisterMap } from '../../src/intake/registers/table/schema.ts'
import { readYaml } from '../../src/intake/yaml-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'casefile-map-errors-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const readErrors = (permit: string): string => {
  const path = join(folder, 'map.yaml')
  writeFileSync(
    path,
    `register: errors
case: errors
article: { slug: errors-1, title: Errors }
permit:
  key: [a]
  title: Permit {a}
  issuer: { actor: ruritania }
${permit}`,
  )
  try {
    readYaml(path, RegisterMap)
    return ''
  } catch (error) {
    return String(error).replaceAll(path, 'map')
  }
}

test.each([
  [
    '  nmber: { column: a }',
    'map:8: /permit/nmber: Unrecognized key: "nmber"; did you mean "number"?',
  ],
  [
    '  number: { colum: a }',
    'map:8: /permit/number/colum: Unrecognized key: "colum"; did you mean "column"?',
  ],
  [
    '  number:\n    - { constant: b, when: { a: 1 } }\n    - { column: a, stripp: x }',
    'map:10: /permit/number/1/stripp: Unrecognized key: "stripp"; did you mean "strip"?',
  ],
  [
    '  outcome: { column: a, values: { x: isued } }',
    /^FatalError: map:8: \/permit\/outcome\/values\/x: .*; did you mean "issued"\?$/,
  ],
  ['  sameKey: line', /^FatalError: map:8: \/permit\/sameKey: .*; did you mean "lines"\?$/],
  [
    '  destination: { column: a, matsch: state }',
    'map:8: /permit/destination/matsch: Unrecognized key: "matsch"; did you mean "match"?',
  ],
  [
    '  number: { column: a, strip: "(" }',
    'map:8: /permit/number/strip: is not a regular expression',
  ],
  ['  number: 7', 'map:8: /permit/number: give { column }, { constant } or { template }'],
])('%s', (permit, message) => {
  const errors = readErrors(permit)
  if (typeof message === 'string') expect(errors).toContain(message)
  else expect(errors).toMatch(message)
})

test('registers/map.schema.json is the schema of maps, for editors', async () => {
  const schema = z.toJSONSchema(RegisterMap, { io: 'input', unrepresentable: 'any', reused: 'ref' })
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(
    '../../registers/map.schema.json',
  )
})
