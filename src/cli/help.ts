import type { Command } from 'commander'

/** What `casefile --help` says of the codes with which every command ends. */
export const exitCodesHelp = `
Exit codes:
  0  done
  1  not done: one line on stderr says why
  2  the command line is wrong: stderr says what`

/** Completes the help of a command with lines to copy, and what its exit codes mean. */
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
