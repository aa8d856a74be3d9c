import type { Config } from '../../../config.ts'

/** What text recognition reads: pages of a PDF, or of a picture. */
export type RecognitionRequest = {
  format: 'pdf' | PictureFormat
  /** Numbers of the pages, from 1. */
  pages: number[]
}
export type PictureFormat = 'png' | 'jpeg' | 'tiff'

/** `confidence` from 0 to 1. `raised` figures or letters follow `text`, and `after` is what follows them. */
export type RecognisedWord = { text: string; raised: string; after: string; confidence: number }

/** A page as text recognition read it: paragraphs of lines of words. */
export type RecognisedPage = {
  page: number
  /** Degrees clockwise by which the page was turned to stand upright. */
  turnedBy: number
  paragraphs: RecognisedWord[][][]
}

export type RecognitionSettings = {
  isEnabled: boolean
  /** Languages of the data packages, ISO 639-3, e.g. `eng`. */
  languages: readonly string[]
  /** For the whole document. */
  seconds: number
  memoryMb: number
}

export const readRecognitionSettings = (
  config: Pick<Config, 'OCR' | 'OCR_LANGUAGES' | 'OCR_SECONDS' | 'OCR_MEMORY_MB'>,
): RecognitionSettings => ({
  isEnabled: config.OCR,
  languages: config.OCR_LANGUAGES.split(','),
  seconds: config.OCR_SECONDS,
  memoryMb: config.OCR_MEMORY_MB,
})

export type RecognitionProgress = (done: number, total: number) => void

/** In pixels of one picture; a page of A3 at 600 dpi has 70 million. */
export const pixelsMax = 100_000_000
export const recognisedPagesMax = 500

/** The note of the span of a page that did not stand upright; null for one that did. */
export const describeTurn = (degrees: number): string | null =>
  degrees === 0 ? null : `turned clockwise by ${degrees} degrees for text recognition`

/** The degrees that such a note states. */
export const parseTurn = (note: string | null): number =>
  Number(/^turned clockwise by (\d+) degrees/.exec(note ?? '')?.[1] ?? 0)
