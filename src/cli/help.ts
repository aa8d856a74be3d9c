import type { Command } from 'commander'

/** Exit codes of all commands, for `casefile --help`. */
export const exitCodesHelp = `
Exit codes:
  0  done
  1  not done: one line on stderr says why
  2  the command line is wrong: stderr says what`

/** Adds examples and the meaning of the exit codes to the help of a command. */
export const addHelpExamples = (
  command: Command,
  examples: readonly string[],
  exitOneMeaning = 'not done: one line on stderr says why',
): Command =>
  command.addHelpText(
    'after',
    `
Examples:
${examples.map((example) => `  $ ${example}`).join('\n')}

Exit codes:
  0  done
  1  ${exitOneMeaning}
  2  the command line is wrong`,
  )
