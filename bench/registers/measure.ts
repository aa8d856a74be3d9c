import { createWriteStream, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { draftRecords } from '../../src/intake/proposals/drafts/draft-records.ts'
import { convertReading } from '../../src/intake/proposals/reading/convert-reading.ts'
import { RecordNames } from '../../src/intake/proposals/reading/record-names.ts'
import { readerData } from '../../src/intake/reader/data.ts'
import { lexiconOf } from '../../src/intake/reader/names/lexicon.ts'
import { readText } from '../../src/intake/reader/read.ts'
import { registerCleanup } from '../cleanup.ts'
import { benchFolder } from '../data-set/data-set-cache.ts'
import {
  computeMedian,
  type Measurement,
  summariseRounds,
  type WorkloadResult,
} from '../measure.ts'
import type { BenchOptions } from '../options.ts'
import { computePercentile } from '../writes/write-client.ts'
import {
  buildColumnMap,
  buildGroupedMap,
  countRenewals,
  generateGroupedRegister,
  generateRegister,
} from './generated-register.ts'
import { copyTablesInto, createDatabaseFactory, dumpTables, runImport } from './import-process.ts'

/** A line of the table that asks nothing of a server. */
export type IntakeWorkload = {
  name: string
  measure(databaseUrl: string, options: BenchOptions): Promise<WorkloadResult>
}

const permitCount = 20_000
const quickPermitCount = 500
const goalRowsPerSecond = 5_000
const maxResidentMb = 400
const bytesPerMegabyte = 1_000_000

const toMeasurement = (rps: number, ms: number): Measurement => ({
  rps,
  p50Ms: ms,
  p99Ms: ms,
  bytes: 0,
  serverMicros: null,
  postgresMicros: null,
})

type MeasuredRegister = {
  name: string
  what: string
  generate(permits: number): AsyncGenerator<string>
  map: string
  countRenewals(permits: number): number
}

const flatRegister: MeasuredRegister = {
  name: 'register-import',
  what: 'rows of a register of permits',
  generate: generateRegister,
  map: buildColumnMap(1),
  countRenewals,
}

const groupedRegister: MeasuredRegister = {
  name: 'register-lines',
  what: 'rows of a register in which several are one permit',
  generate: generateGroupedRegister,
  map: buildGroupedMap(),
  countRenewals: () => 0,
}

/** A register beside plain COPY of the same rows into the same tables, in turns, each into a new database. */
async function measureImport(
  register: MeasuredRegister,
  databaseUrl: string,
  options: BenchOptions,
): Promise<WorkloadResult> {
  const count = options.quick ? quickPermitCount : permitCount
  const workFolder = join(benchFolder, 'register')
  mkdirSync(workFolder, { recursive: true })
  registerCleanup(async () => rmSync(workFolder, { recursive: true, force: true }))
  const [file, map] = [join(workFolder, 'register.csv'), join(workFolder, 'map.yaml')]
  await pipeline(register.generate(count), createWriteStream(file))
  await pipeline([register.map], createWriteStream(map))
  const createDatabase = await createDatabaseFactory(databaseUrl)
  const [importRounds, copyRounds]: [Measurement[], Measurement[]] = [[], []]
  let resident = 0
  for (let round = 0; round < (options.quick ? 1 : options.rounds); round += 1) {
    const url = await createDatabase('casefile_bench_import')
    const imported = await runImport(url, file, map)
    const { added, renewed, rows, seconds } = imported
    if (added !== count || renewed !== register.countRenewals(count))
      throw new Error(`${added} of ${count} permits were added, ${renewed} renewed.`)
    await dumpTables(url, workFolder)
    const copySeconds = await copyTablesInto(
      await createDatabase('casefile_bench_copy'),
      workFolder,
    )
    importRounds.push(toMeasurement(rows / seconds, seconds * 1_000))
    copyRounds.push(toMeasurement(rows / copySeconds, copySeconds * 1_000))
    resident = Math.max(resident, imported.residentBytes)
  }
  const server = summariseRounds(importRounds)
  return {
    name: register.name,
    what: register.what,
    goal: 0.25,
    isSingle: false,
    isQuestion: false,
    requests: 0,
    server,
    yardsticks: { copy: summariseRounds(copyRounds) },
    yardstick: 'copy',
    ratio: computeMedian(
      importRounds.map(({ rps }, round) => rps / (copyRounds[round]?.rps ?? rps)),
    ),
    processorRatio: null,
    residentBytes: null,
    exported: null,
    latency: { connections: 1, p50Ms: server.p50Ms, p99Ms: server.p99Ms },
    checks: [
      {
        name: `time for ${goalRowsPerSecond.toLocaleString('en')} rows of a register`,
        value: (1_000 * goalRowsPerSecond) / server.rps,
        most: 1_000,
        unit: ' ms',
      },
      {
        name: 'resident memory of the process that imports a register',
        value: resident / bytesPerMegabyte,
        most: maxResidentMb,
        unit: ' MB',
      },
    ],
  }
}

const wordCount = 5_000
const maxProposalsMs = 1_000

/** The rules on an article, without a database. Its ratio is that of the time it may take to the time it takes. */
async function measureProposals(
  _databaseUrl: string,
  options: BenchOptions,
): Promise<WorkloadResult> {
  const body = buildArticle(wordCount)
  const data = readerData()
  const [lexicon, names] = [lexiconOf(data, []), new RecordNames()]
  const published = { earliest: '2022-06-15', latest: '2022-06-15' }
  const durationsMs: number[] = []
  for (let run = 0; run < (options.quick ? 2 : 7); run += 1) {
    const begin = performance.now()
    const reading = readText({ body, published }, lexicon, data)
    draftRecords(convertReading(reading, body, names), { slug: 'article', body })
    durationsMs.push(performance.now() - begin)
  }
  const [p50Ms, p99Ms] = [computePercentile(durationsMs, 0.5), computePercentile(durationsMs, 0.99)]
  return {
    name: 'proposals',
    what: `proposals for an article of ${wordCount} words`,
    goal: 1,
    isSingle: false,
    isQuestion: false,
    requests: 0,
    server: { ...toMeasurement(1_000 / p50Ms, p50Ms), p99Ms },
    yardsticks: {},
    yardstick: `${maxProposalsMs} ms`,
    ratio: maxProposalsMs / p50Ms,
    processorRatio: null,
    residentBytes: null,
    exported: null,
    latency: { connections: 1, p50Ms, p99Ms },
  }
}

/** Of at least so many words, out of two articles of the tests. */
function buildArticle(minWords: number): string {
  const texts = ['radars', 'engines'].map((name) =>
    readFileSync(join(import.meta.dirname, `../../tests/intake/articles/${name}.txt`), 'utf8'),
  )
  let body = ''
  for (let copy = 0; body.split(/\s+/).length < minWords; copy += 1)
    // Other names in each copy, so that nothing is found twice.
    body += `${texts[copy % 2]?.replaceAll(/Solberg|Lunde|Duarte|Nordvik|Aeromotor/g, `$&${'abcdefghij'.charAt(copy % 10)}`)}\n`
  return body
}

export const intakeWorkloads: readonly IntakeWorkload[] = [
  ...[flatRegister, groupedRegister].map((register) => ({
    name: register.name,
    measure: (databaseUrl: string, options: BenchOptions) =>
      measureImport(register, databaseUrl, options),
  })),
  { name: 'proposals', measure: measureProposals },
]
