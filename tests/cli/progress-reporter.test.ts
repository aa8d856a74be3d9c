import { describe, expect, test } from 'vitest'
import { createProgressReporter } from '../../src/cli/progress-reporter.ts'

/** A command that tells what it does, on a terminal or not; what it wrote to stdout and to stderr. */
function told(
  options: { json?: boolean; isTTY?: boolean },
  work: (tell: ReturnType<typeof createProgressReporter>, wait: (ms: number) => void) => void,
) {
  const written = { out: '', screen: '' }
  const into = (name: 'out' | 'screen') => (text: string) => {
    written[name] += text
    return true
  }
  let clock = 0
  const tell = createProgressReporter(options, {
    out: { write: into('out') },
    screen: { isTTY: options.isTTY ?? false, columns: 80, write: into('screen') },
    now: () => clock,
  })
  work(tell, (ms) => {
    clock += ms
  })
  return written
}

describe('on a terminal', () => {
  test('redraws a bar and removes it at the end', () => {
    const { out, screen } = told({ isTTY: true }, (tell, wait) => {
      tell.reportProgress('citations', 0, 200)
      wait(100)
      tell.reportProgress('citations', 150, 200)
      tell.reportProgress('citations', 200, 200)
      tell.printLine('Citations: 200 stand.')
    })
    expect(screen.split('\r\u001b[K')).toEqual([
      '',
      `${'░'.repeat(30)} 0 %  citations: 0 of 200`,
      `${'█'.repeat(22)}${'░'.repeat(8)} 75 %  citations: 150 of 200`,
      '',
    ])
    expect(out).toBe('Citations: 200 stand.\n')
  })

  test('limits how often the bar is drawn', () => {
    const { screen } = told({ isTTY: true }, (tell) => {
      for (let done = 0; done < 1_000; done += 1) tell.reportProgress('records', done, 1_000)
    })
    expect(screen.match(/\r/g)).toHaveLength(1)
  })

  test('the bar never wraps', () => {
    const { screen } = told({ isTTY: true }, (tell) =>
      tell.reportProgress('x'.repeat(200), 123_456, 1_234_567),
    )
    expect(screen.replace('\r\u001b[K', '')).toHaveLength(79)
  })

  test('counts without a total', () => {
    const { screen } = told({ isTTY: true }, (tell) => tell.reportProgress('bytes', 12_345, null))
    expect(screen).toBe('\r\u001b[Kbytes: 12,345')
  })
})

describe('without a terminal', () => {
  test('prints a line for each tenth of a long run to stderr', () => {
    const { out, screen } = told({}, (tell) => {
      for (let done = 0; done <= 2_000; done += 1) tell.reportProgress('records', done, 2_000)
      tell.printLine('Done.')
    })
    const lines = screen.trimEnd().split('\n')
    expect(lines).toHaveLength(10)
    expect(lines[2]).toBe('records: 30 % (600 of 2,000)')
    expect([out, screen.includes('\r')]).toEqual(['Done.\n', false])
  })

  test('prints nothing for a short run', () => {
    const { screen } = told({}, (tell) => tell.reportProgress('cases', 1, 2))
    expect(screen).toBe('')
  })
})

test('--json prints only JSON to stdout', () => {
  const { out, screen } = told({ json: true }, (tell) => {
    tell.reportProgress('records', 1_000, 2_000)
    tell.printLine('Half way.')
    tell.printResult({ loaded: 1 })
  })
  expect([out, screen]).toEqual(['{"loaded":1}\n', ''])
})
