import { DocumentError, type DocumentErrorCode } from '../document.ts'
import { openPdfBitmaps, openTiffBitmaps } from './pictures/page-bitmaps.ts'
import { turnBitmap } from './pictures/pictures.ts'
import { encodePng } from './pictures/png.ts'
import { type PageSource, Recogniser, sourceOfBitmap, sourceOfPicture } from './recogniser.ts'
import type { RecognisedPage, RecognitionRequest } from './recognition.ts'

/** What the process is asked: to read pages, or to make a picture of one. */
export type OcrTask = { bytes: Uint8Array } & (
  | ({ task: 'recognise'; languages: string[] } & RecognitionRequest)
  | { task: 'picture'; format: 'pdf' | 'tiff'; page: number; turnedBy: number }
)

/** What the process answers. `memoryMb` comes every now and then. */
export type OcrMessage =
  | { memoryMb: number }
  | { recognised: RecognisedPage }
  | { done: true }
  | { picture: Uint8Array }
  | { missing: true }
  | { refused: { code: DocumentErrorCode; message: string } }
  | { failed: string }

const recognitionDpi = 300
const pictureDpi = 150
const memoryReportMs = 200

const send = (message: OcrMessage): void => void process.send?.(message)

/** A source for each page; only one page is in memory at a time. */
async function openSources({ bytes, format }: { bytes: Uint8Array; format: string }) {
  if (format === 'png' || format === 'jpeg')
    return { open: async (): Promise<PageSource> => sourceOfPicture(bytes, format), close() {} }
  const bitmaps = await (format === 'pdf' ? openPdfBitmaps(bytes) : openTiffBitmaps(bytes))
  return {
    open: async (page: number): Promise<PageSource> =>
      sourceOfBitmap(await bitmaps.render(page, recognitionDpi)),
    close: () => bitmaps.close(),
  }
}

async function recognise(task: OcrTask & { task: 'recognise' }): Promise<void> {
  const recogniser = await Recogniser.open(task.languages)
  const sources = await openSources(task)
  for (const page of task.pages)
    send({ recognised: await recogniser.read(page, await sources.open(page)) })
  sources.close()
  await recogniser.close()
  send({ done: true })
}

async function makePicture(task: OcrTask & { task: 'picture' }): Promise<void> {
  const bitmaps = await (task.format === 'pdf' ? openPdfBitmaps : openTiffBitmaps)(task.bytes)
  if (task.page > bitmaps.pageCount) {
    bitmaps.close()
    send({ missing: true })
    return
  }
  const bitmap = await bitmaps.render(task.page, pictureDpi)
  bitmaps.close()
  send({ picture: encodePng(turnBitmap(bitmap, task.turnedBy)) })
}

async function run(task: OcrTask): Promise<void> {
  try {
    await (task.task === 'recognise' ? recognise(task) : makePicture(task))
  } catch (error) {
    if (error instanceof DocumentError)
      send({ refused: { code: error.code, message: error.message } })
    else if (isReadError(error))
      send({
        refused: { code: 'document-unreadable', message: 'The picture is damaged or cut off.' },
      })
    else send({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
}

/** tesseract.js rejects with the text of an error. */
const isReadError = (error: unknown): boolean =>
  /attempting to read image|truncated|corrupt/i.test(
    error instanceof Error ? error.message : String(error),
  )

setInterval(() => send({ memoryMb: process.memoryUsage.rss() / 1_048_576 }), memoryReportMs).unref()
process.once('message', (task: OcrTask) => void run(task))
process.once('disconnect', () => process.exit())
