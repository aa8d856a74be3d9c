import { createWriteStream, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { detect } from '../../src/intake/proposals/detect/detect.ts'
import { draftsOf } from '../../src/intake/proposals/drafts.ts'
import { dictionaries } from '../../src/intake/proposals/words/dictionaries.ts'
import { lexicon } from '../../src/intake/proposals/words/lexicon.ts'
import { atEnd } from '../closing.ts'
import { benchFolder } from '../data-set/cached.ts'
import { type Measured, median, middle, type Result } from '../measure.ts'
import type { Options } from '../options.ts'
import { share } from '../writes/drive.ts'
import { copyInto, dump, importInto, openDatabases } from './imports.ts'
import { mapOf, register, renewals } from './made.ts'

/** A line of the table that asks nothing of a server. */
export type IntakeWorkload = {
  name: string
  measure(databaseUrl: string, options: Options): Promise<Result>
}

const permits = 20_000
const permitsQuick = 500
const permitsPerSecond = 5_000
const residentMbMost = 400
const megabyte = 1_000_000

const timed = (rps: number, ms: number): Measured => ({
  ...{ rps, p50Ms: ms, p99Ms: ms, bytes: 0, serverMicros: null, postgresMicros: null },
})

/** A register with renewals beside plain COPY of the same rows into the same tables, in turns, each into a new database. */
async function measureImport(databaseUrl: string, options: Options): Promise<Result> {
  const count = options.quick ? permitsQuick : permits
  const work = join(benchFolder, 'register')
  mkdirSync(work, { recursive: true })
  atEnd(async () => rmSync(work, { recursive: true, force: true }))
  const [file, map] = [join(work, 'register.csv'), join(work, 'map.yaml')]
  await pipeline(register(count), createWriteStream(file))
  await pipeline([mapOf(1)], createWriteStream(map))
  const fresh = await openDatabases(databaseUrl)
  const [ours, theirs]: [Measured[], Measured[]] = [[], []]
  let resident = 0
  for (let round = 0; round < (options.quick ? 1 : options.rounds); round += 1) {
    const url = await fresh('casefile_bench_import')
    const imported = await importInto(url, file, map)
    const { added, renewed, rows, seconds } = imported
    if (added !== count || renewed !== renewals(count))
      throw new Error(`${added} of ${count} permits were added, ${renewed} renewed.`)
    await dump(url, work)
    const copySeconds = await copyInto(await fresh('casefile_bench_copy'), work)
    ours.push(timed(rows / seconds, seconds * 1_000))
    theirs.push(timed(rows / copySeconds, copySeconds * 1_000))
    resident = Math.max(resident, imported.residentBytes)
  }
  const server = median(ours)
  return {
    ...{ name: 'register-import', what: 'rows of a register of permits', goal: 0.25 },
    ...{
      isSingle: false,
      isQuestion: false,
      requests: 0,
      server,
      yardsticks: { copy: median(theirs) },
    },
    yardstick: 'copy',
    ratio: middle(ours.map(({ rps }, round) => rps / (theirs[round]?.rps ?? rps))),
    ...{ processorRatio: null, residentBytes: null, exported: null },
    latency: { connections: 1, p50Ms: server.p50Ms, p99Ms: server.p99Ms },
    checks: [
      {
        name: `time for ${permitsPerSecond.toLocaleString('en')} rows of a register`,
        ...{ value: (1_000 * permitsPerSecond) / server.rps, most: 1_000, unit: ' ms' },
      },
      {
        name: 'resident memory of the process that imports a register',
        ...{ value: resident / megabyte, most: residentMbMost, unit: ' MB' },
      },
    ],
  }
}

const words = 5_000
const proposalsMsMost = 1_000

/** The rules on an article, without a database. Its ratio is that of the time it may take to the time it takes. */
async function measureProposals(_databaseUrl: string, options: Options): Promise<Result> {
  const body = articleOf(words)
  const dictionary = dictionaries()
  const names = lexicon(dictionary, [])
  const published = { earliest: '2022-06-15', latest: '2022-06-15' }
  const took: number[] = []
  for (let run = 0; run < (options.quick ? 2 : 7); run += 1) {
    const begin = performance.now()
    const found = detect(body, [{ start: 0, end: body.length }], published, names, dictionary)
    draftsOf(found, { slug: 'article', body })
    took.push(performance.now() - begin)
  }
  const [p50Ms, p99Ms] = [share(took, 0.5), share(took, 0.99)]
  return {
    ...{ name: 'proposals', what: `proposals for an article of ${words} words`, goal: 1 },
    ...{
      isSingle: false,
      isQuestion: false,
      requests: 0,
      server: { ...timed(1_000 / p50Ms, p50Ms), p99Ms },
    },
    ...{ yardsticks: {}, yardstick: `${proposalsMsMost} ms`, ratio: proposalsMsMost / p50Ms },
    ...{ processorRatio: null, residentBytes: null, exported: null },
    latency: { connections: 1, p50Ms, p99Ms },
  }
}

/** Of at least so many words, out of two articles of the tests. */
function articleOf(wanted: number): string {
  const texts = ['radars', 'engines'].map((name) =>
    readFileSync(join(import.meta.dirname, `../../tests/intake/articles/${name}.txt`), 'utf8'),
  )
  let body = ''
  for (let copy = 0; body.split(/\s+/).length < wanted; copy += 1)
    // Other names in each copy, so that nothing is found twice.
    body += `${texts[copy % 2]?.replaceAll(/Solberg|Lunde|Duarte|Nordvik|Aeromotor/g, `$&${'abcdefghij'.charAt(copy % 10)}`)}\n`
  return body
}

export const intakeWorkloads: readonly IntakeWorkload[] = [
  { name: 'register-import', measure: measureImport },
  { name: 'proposals', measure: measureProposals },
]
