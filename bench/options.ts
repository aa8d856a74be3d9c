import { Command, InvalidArgumentError } from 'commander'

export type BenchOptions = {
  scale: number
  seconds: number
  rounds: number
  connections: number
  latencyConnections: number
  /** Names of workloads; null means all. */
  only: readonly string[] | null
  quick: boolean
  json: boolean
  markdown: boolean
  /** File for the chart of the ratios (SVG). */
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
 * Reads the numeric arguments of a command, in the order of `definitions`. Ends the process with a message when one is
 * invalid.
 */
export function readNumberArguments<N extends string>(
  script: string,
  definitions: Readonly<Record<N, { description: string; min: number; defaultValue: number }>>,
): Record<N, number> {
  const command = new Command(`npm run ${script} --`)
  const names = Object.keys(definitions) as N[]
  for (const name of names) {
    const { description, min, defaultValue } = definitions[name]
    command.argument(`[${name}]`, description, parseNumberBetween(min, 100_000_000), defaultValue)
  }
  command.parse()
  return Object.fromEntries(
    names.map((name, index) => [name, command.processedArgs[index]]),
  ) as Record<N, number>
}

const quickDefaults = { scale: 1_000, seconds: 0.1 }

/** Ends the process with a message when an option is invalid. */
export function readOptions(
  names: readonly string[],
  profilableNames: readonly string[],
): BenchOptions {
  const oneOf = (names: readonly string[]) => (text: string) => {
    if (names.includes(text)) return text
    throw new InvalidArgumentError(`It must be one of: ${names.join(', ')}.`)
  }
  const command = new Command('npm run bench --')
    .description('Measures requests per second of the server and of hand-written yardsticks.')
    .option(
      '--scale <permits>',
      'permits in the data set',
      parseNumberBetween(1_000, 1_000_000),
      10_000,
    )
    .option('--seconds <n>', 'length of a round', parseNumberBetween(0.1, 600), 3)
    .option('--rounds <n>', 'rounds; medians are shown', parseNumberBetween(1, 15), 3)
    .option(
      '--connections <n>',
      'concurrent connections, for requests per second',
      parseNumberBetween(1, 1_000),
      8,
    )
    .option(
      '--latency-connections <n>',
      'concurrent connections, for p50 and p99',
      parseNumberBetween(1, 1_000),
      32,
    )
    .option('--only <names>', 'workloads, separated by commas', (text) =>
      text.split(',').map(oneOf(names)),
    )
    .option('--quick', 'a small data set and short rounds, to test the benchmark itself')
    .option('--json', 'the result as JSON in the last line')
    .option('--markdown', 'the table in Markdown')
    .option('--chart <file>', 'write a chart of the ratios (SVG)')
    .option('--profile <name>', 'profile the server in one workload', oneOf(profilableNames))
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
