import { isNameKind, score, Tally, textsOf } from '../tests/intake/reader/labels.ts'

/**
 * Recall and precision of the reader on labelled texts: `npm run eval:intake`. `--held-out` also reads the half that no
 * rule was made for; `--notes` says what was missed and what was wrong; `--only 03` reads one text.
 */
const wanted = new Set(process.argv.slice(2))
const only = process.argv[process.argv.indexOf('--only') + 1] ?? ''
const halves = wanted.has('--held-out') ? (['tuned', 'held-out'] as const) : (['tuned'] as const)

for (const half of halves) {
  const sums: Record<string, Tally> = {}
  const add = (kind: string, tally: Tally) => {
    sums[kind] ??= new Tally()
    sums[kind].add(tally)
  }
  const inversions: string[] = []
  for (const text of textsOf(half)) {
    if (wanted.has('--only') && !text.file.includes(only)) continue
    const outcome = score(text)
    inversions.push(...outcome.inversions)
    add('scored 0.8 and more', outcome.sure)
    for (const [kind, tally] of Object.entries(outcome.tallies)) {
      add(kind, tally)
      if (isNameKind(kind)) add('people, companies, bodies', tally)
      if (kind === 'decisions' || kind === 'other events') add('all events', tally)
    }
    const hides = half === 'held-out' && !wanted.has('--all-notes')
    if (wanted.has('--notes') && !hides)
      for (const note of outcome.notes) console.log(`${text.file}: ${note}`)
  }
  console.log(`\n${half}`)
  for (const [kind, { right, wrong, missed, recall, precision }] of Object.entries(sums).sort())
    console.log(
      `${kind.padEnd(28)} recall ${recall.toFixed(2)}  precision ${precision.toFixed(2)}  right ${right}, wrong ${wrong}, missed ${missed}`,
    )
  console.log(`inversions: ${inversions.length}`)
  for (const one of inversions) console.log(`  ${one}`)
}
