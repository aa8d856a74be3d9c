import { Command, InvalidArgumentError } from 'commander'

export type BenchOptions = {
  scale: number
  seconds: number
  rounds: number
  connections: number
  latencyConnections: number
  /** Names of workloads; null is all. */
  only: readonly string[] | null
  quick: boolean
  json: boolean
  markdown: boolean
  /** File for the ratios as a picture (SVG). */
  chart: string | null
  /** Name of the one workload to profile. */
  profile: string | null
}

const parseNumberBetween = (min: number, max: number) => (text: string) => {
  const number = Number(text)
  if (Number.isFinite(number) && number >= min && number <= max) return number
  throw new InvalidArgumentError(`It must be a number from ${min} to ${max}.`)
}

/**
 * The numbers that a command takes, one after the other: each with what it means, the least that makes sense, and what it is
 * when not given. Ends the process with a message when one makes no sense.
 */
export function readNumberArguments<N extends string>(
  script: string,
  definitions: Readonly<Record<N, { description: string; min: number; defaultValue: number }>>,
): Record<N, number> {
  const command = new Command(`npm run ${script} --`)
  const names = Object.keys(definitions) as N[]
  for (const name of names) {
    const { description: means, min: least, defaultValue: standard } = definitions[name]
    command.argument(`[${name}]`, means, parseNumberBetween(least, 100_000_000), standard)
  }
  command.parse()
  return Object.fromEntries(
    names.map((name, index) => [name, command.processedArgs[index]]),
  ) as Record<N, number>
}

const quickDefaults = { scale: 1_000, seconds: 0.1 }

/** Ends the process with a message when they make no sense. */
export function readOptions(
  names: readonly string[],
  profilableNames: readonly string[],
): BenchOptions {
  const oneOf = (names: readonly string[]) => (text: string) => {
    if (names.includes(text)) return text
    throw new InvalidArgumentError(`There are: ${names.join(', ')}.`)
  }
  const command = new Command('npm run bench --')
    .description('Requests a second of the real server, next to the least that could answer them.')
    .option(
      '--scale <permits>',
      'permits in the data set',
      parseNumberBetween(1_000, 1_000_000),
      10_000,
    )
    .option('--seconds <n>', 'length of a round', parseNumberBetween(0.1, 600), 3)
    .option('--rounds <n>', 'rounds; medians are shown', parseNumberBetween(1, 15), 3)
    .option('--connections <n>', 'at once, for requests a second', parseNumberBetween(1, 1_000), 8)
    .option(
      '--latency-connections <n>',
      'at once, for p50 and p99',
      parseNumberBetween(1, 1_000),
      32,
    )
    .option('--only <names>', 'workloads, separated by commas', (text) =>
      text.split(',').map(oneOf(names)),
    )
    .option('--quick', 'a small data set and short rounds: figures that only show that it works')
    .option('--json', 'the result as JSON in the last line')
    .option('--markdown', 'the table in Markdown')
    .option('--chart <file>', 'the ratios as a picture (SVG)')
    .option(
      '--profile <name>',
      'where the server spends its time in one workload',
      oneOf(profilableNames),
    )
    .parse()
  const parsedOptions = command.opts()
  const chooseNumber = (name: 'scale' | 'seconds'): number =>
    parsedOptions.quick && command.getOptionValueSource(name) === 'default'
      ? quickDefaults[name]
      : parsedOptions[name]
  return {
    scale: chooseNumber('scale'),
    seconds: chooseNumber('seconds'),
    rounds: parsedOptions.rounds,
    connections: parsedOptions.connections,
    latencyConnections: parsedOptions.latencyConnections,
    only: parsedOptions.only ?? null,
    profile: parsedOptions.profile ?? null,
    quick: Boolean(parsedOptions.quick),
    json: Boolean(parsedOptions.json),
    markdown: Boolean(parsedOptions.markdown),
    chart: parsedOptions.chart ?? null,
  }
}
