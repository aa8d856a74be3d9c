// npm run bench:ocr: text recognition of a page by the product against tesseract.js alone, in turns on the same picture.
// The goal is a ratio of at most 1.2.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createWorker, OEM, PSM } from 'tesseract.js'
import { Recogniser, sourceOfPicture } from '../src/intake/extraction/ocr/recogniser.ts'
import { drawScan, toPng } from '../tests/intake/scan-builders.ts'

const rounds = 5
const sentence = 'The ministry issued permits for seven targeting systems in May.'
const picture = toPng(
  await drawScan(
    Array.from({ length: 30 }, () => sentence),
    { dpi: 200 },
  ),
)

const require = createRequire(import.meta.url)
const data = dirname(require.resolve('@tesseract.js-data/eng/package.json'))
const alone = await createWorker('eng', OEM.LSTM_ONLY, {
  langPath: join(data, '4.0.0_best_int'),
  gzip: true,
  cacheMethod: 'none',
})
await alone.setParameters({ user_defined_dpi: '300', tessedit_pageseg_mode: PSM.AUTO })
const recogniser = await Recogniser.open(['eng'])

const measure = async (read: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await read()
  return performance.now() - start
}
const times = { alone: [] as number[], product: [] as number[] }
for (let round = 0; round < rounds; round += 1) {
  times.alone.push(
    await measure(() => alone.recognize(picture, { rotateAuto: true }, { blocks: true })),
  )
  times.product.push(await measure(() => recogniser.read(1, sourceOfPicture(picture, 'png'))))
}
const median = (values: number[]): number => values.toSorted((a, b) => a - b)[rounds >> 1] ?? 0
const [alonePage, productPage] = [median(times.alone), median(times.product)]
console.log(
  `page of 30 lines: alone ${Math.round(alonePage)} ms, product ${Math.round(productPage)} ms, ratio ${(productPage / alonePage).toFixed(2)}`,
)
await alone.terminate()
await recogniser.close()
