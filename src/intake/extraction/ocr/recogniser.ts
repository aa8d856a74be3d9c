import { existsSync } from 'node:fs'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createWorker, OEM, PSM, type Worker } from 'tesseract.js'
import { DocumentError } from '../document.ts'
import { addOrientation, type Bitmap, encodePgm, turnBitmap } from './pictures/pictures.ts'
import { splitRaised } from './raised-symbols.ts'
import type { RecognisedPage, RecognisedWord } from './recognition.ts'

const require = createRequire(import.meta.url)
const dataFolder = '4.0.0_best_int'

/** A page as it is handed to text recognition; turned clockwise by 0, 90, 180 or 270 degrees. */
export type PageSource = (degrees: number) => Buffer
export const sourceOfBitmap =
  (bitmap: Bitmap): PageSource =>
  (degrees) =>
    encodePgm(turnBitmap(bitmap, degrees))
export const sourceOfPicture =
  (bytes: Uint8Array, format: 'png' | 'jpeg'): PageSource =>
  (degrees) =>
    degrees === 0
      ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      : addOrientation(bytes, format, degrees)

/** The file of a language, if its package is installed. */
function findLanguageFile(language: string): string | null {
  try {
    const folder = dirname(require.resolve(`@tesseract.js-data/${language}/package.json`))
    const file = join(folder, dataFolder, `${language}.traineddata.gz`)
    return existsSync(file) ? file : null
  } catch {
    return null
  }
}

/** Mean confidence, 0 to 100, below which a page may stand the wrong way. */
const uprightConfidenceMin = 70
/** OSD says how sure it is; below this the page stays as it is. */
const orientationConfidenceMin = 1

/** Reads pages with tesseract.js. Nothing is downloaded: the data comes from installed packages. */
export class Recogniser {
  readonly #worker: Worker
  readonly #folder: string
  #orientation: Worker | null = null

  private constructor(worker: Worker, folder: string) {
    this.#worker = worker
    this.#folder = folder
  }

  /** @throws {DocumentError} document-without-text when the data of a language is not installed */
  static async open(languages: readonly string[]): Promise<Recogniser> {
    // All languages of a worker have to be in one folder.
    const folder = await mkdtemp(join(tmpdir(), 'casefile-ocr-'))
    for (const language of languages) {
      const file = findLanguageFile(language)
      if (file === null)
        throw new DocumentError(
          'document-without-text',
          `The data of the language "${language}" is not installed: npm install @tesseract.js-data/${language}`,
        )
      await copyFile(file, join(folder, `${language}.traineddata.gz`))
    }
    const worker = await createWorker([...languages], OEM.LSTM_ONLY, toOptions(folder))
    await worker.setParameters({
      user_defined_dpi: '300',
      tessedit_pageseg_mode: PSM.AUTO,
    })
    return new Recogniser(worker, folder)
  }

  /** Reads a page. A page that is read badly is turned upright, if it does not stand so, and read again. */
  async read(page: number, source: PageSource): Promise<RecognisedPage> {
    const first = await this.#recognise(source(0))
    if (first.confidence >= uprightConfidenceMin && first.paragraphs.length > 0)
      return { page, turnedBy: 0, paragraphs: first.paragraphs }
    const turnedBy = await this.#detectTurn(source(0))
    if (turnedBy === 0) return { page, turnedBy: 0, paragraphs: first.paragraphs }
    const turned = await this.#recognise(source(turnedBy))
    return turned.confidence > first.confidence
      ? { page, turnedBy, paragraphs: turned.paragraphs }
      : { page, turnedBy: 0, paragraphs: first.paragraphs }
  }

  async #recognise(picture: Buffer): Promise<{
    confidence: number
    paragraphs: RecognisedWord[][][]
  }> {
    const { data } = await this.#worker.recognize(picture, { rotateAuto: true }, { blocks: true })
    const paragraphs = (data.blocks ?? []).flatMap((block) =>
      block.paragraphs.map(({ lines }) =>
        lines.map(({ words }) =>
          words.map(({ symbols, confidence }) => ({
            ...splitRaised(symbols),
            confidence: confidence / 100,
          })),
        ),
      ),
    )
    const hasWords = paragraphs.some((lines) => lines.some((words) => words.length > 0))
    return { confidence: data.confidence, paragraphs: hasWords ? paragraphs : [] }
  }

  /** Degrees by which the page has to be turned clockwise; 0 when it is upright, or nobody knows. */
  async #detectTurn(picture: Buffer): Promise<number> {
    const file = findLanguageFile('osd')
    if (file === null) return 0
    await copyFile(file, join(this.#folder, 'osd.traineddata.gz'))
    this.#orientation ??= await createWorker('osd', OEM.TESSERACT_ONLY, {
      ...toOptions(this.#folder),
      legacyCore: true,
      legacyLang: true,
    })
    try {
      const { data } = await this.#orientation.detect(picture)
      const { orientation_degrees: degrees, orientation_confidence: confidence } = data
      if (degrees === null || (confidence ?? 0) < orientationConfidenceMin) return 0
      return degrees
    } catch {
      // Too few characters to tell.
      return 0
    }
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
    await this.#orientation?.terminate()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

const toOptions = (langPath: string) => ({
  langPath,
  gzip: true,
  cacheMethod: 'none',
  // Without it a failure in the worker ends the process.
  errorHandler: () => undefined,
})
