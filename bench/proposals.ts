// node bench/proposals.ts [WORDS]: how long the rules take for an article of so many words (5,000), without a database.
import { readFileSync } from 'node:fs'
import { detect } from '../src/intake/proposals/detect/detect.ts'
import { draftsOf } from '../src/intake/proposals/drafts.ts'
import { dictionaries } from '../src/intake/proposals/words/dictionaries.ts'
import { lexicon } from '../src/intake/proposals/words/lexicon.ts'

const wanted = Number(process.argv[2] ?? 5_000)
const texts = ['radars', 'engines'].map((name) =>
  readFileSync(`tests/intake/articles/${name}.txt`, 'utf8'),
)
let body = ''
for (let copy = 0; body.split(/\s+/).length < wanted; copy += 1)
  // Other names in each copy, so that nothing is found twice.
  body += `${texts[copy % 2]?.replaceAll(/Solberg|Lunde|Duarte|Nordvik|Aeromotor/g, `$&${'abcdefghij'.charAt(copy % 10)}`)}\n`
const words = dictionaries()
const names = lexicon(words, [])
const published = { earliest: '2022-06-15', latest: '2022-06-15' }
const times: number[] = []
for (let run = 0; run < 7; run += 1) {
  const start = performance.now()
  const found = detect(body, [{ start: 0, end: body.length }], published, names, words)
  const drafts = draftsOf(found, { slug: 'article', body })
  times.push(performance.now() - start)
  if (run === 0) console.log(`${body.split(/\s+/).length} words, ${drafts.length} proposals`)
}
const [first = 0] = times
const median = times.toSorted((a, b) => a - b)[3] ?? 0
console.log(
  `first run ${Math.round(first)} ms, median of 7 ${Math.round(median)} ms (goal: 1000 ms)`,
)
