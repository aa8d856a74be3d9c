import { type ChildProcess, fork } from 'node:child_process'
import { createRequire } from 'node:module'
import { Problem } from '../../../problem.ts'
import type { OcrMessage, OcrTask } from './ocr-process.ts'
import type {
  RecognisedPage,
  RecognitionProgress,
  RecognitionRequest,
  RecognitionSettings,
} from './recognition.ts'

const require = createRequire(import.meta.url)
const packages = ['tesseract.js', '@hyzyla/pdfium', 'utif2']

/** The optional packages that text recognition needs and that are not installed. */
export const listMissingPackages = (): string[] =>
  packages.filter((name) => {
    try {
      require.resolve(name)
      return false
    } catch (error) {
      // A package that has no entry for `require` is installed all the same.
      return !(
        error instanceof Error &&
        'code' in error &&
        error.code === 'ERR_PACKAGE_PATH_NOT_EXPORTED'
      )
    }
  })

/** Recognition takes all of a processor, so documents wait for each other. */
const queueLengthMax = 8
const queue: (() => void)[] = []
let isActive = false

async function takeTurn(): Promise<void> {
  if (!isActive) {
    isActive = true
    return
  }
  if (queue.length >= queueLengthMax)
    throw new Problem('busy', 'Too many scans are being read. Try again.')
  await new Promise<void>((resolve) => queue.push(resolve))
}

function endTurn(): void {
  const next = queue.shift()
  if (next) next()
  else isActive = false
}

/**
 * Reads pages in a process of its own, which is killed when it exceeds the limits: WebAssembly memory does not count as
 * memory of a thread.
 *
 * @throws {Problem} document-over-limit, document-unreadable, document-without-text, busy
 */
export async function recognisePages(
  bytes: Uint8Array,
  request: RecognitionRequest,
  settings: RecognitionSettings,
  onProgress: RecognitionProgress = () => undefined,
): Promise<RecognisedPage[]> {
  const pages: RecognisedPage[] = []
  const task: OcrTask = {
    task: 'recognise',
    bytes,
    languages: [...settings.languages],
    ...request,
  }
  await runTask(task, settings, (message) => {
    if ('recognised' in message) {
      pages.push(message.recognised)
      onProgress(pages.length, request.pages.length)
    }
  })
  return pages
}

/**
 * A picture of a page as PNG; null when the document has no such page.
 *
 * @throws {Problem} document-over-limit, document-unreadable, busy
 */
export async function makePagePicture(
  bytes: Uint8Array,
  page: { format: 'pdf' | 'tiff'; page: number; turnedBy: number },
): Promise<Buffer | null> {
  const pictures: Uint8Array[] = []
  const task: OcrTask = { task: 'picture', bytes, ...page }
  await runTask(task, { seconds: 30, memoryMb: 1_024 }, (message) => {
    if ('picture' in message) pictures.push(message.picture)
  })
  return pictures[0] === undefined ? null : Buffer.from(pictures[0])
}

async function runTask(
  task: OcrTask,
  limits: { seconds: number; memoryMb: number },
  onMessage: (message: OcrMessage) => void,
): Promise<void> {
  await takeTurn()
  const child = fork(new URL('./ocr-process.ts', import.meta.url), {
    execArgv: ['--disable-warning=ExperimentalWarning', `--max-old-space-size=${limits.memoryMb}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR },
  })
  try {
    await superviseTask(child, task, limits, onMessage)
  } finally {
    child.kill('SIGKILL')
    endTurn()
  }
}

function superviseTask(
  child: ChildProcess,
  task: OcrTask,
  { seconds, memoryMb }: { seconds: number; memoryMb: number },
  onMessage: (message: OcrMessage) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const overLimit = (detail: string) => reject(new Problem('document-over-limit', detail))
    const timer = setTimeout(
      () => overLimit(`Reading the pictures of the document takes more than ${seconds} seconds.`),
      seconds * 1_000,
    )
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      clearTimeout(timer)
      if (signal === 'SIGABRT')
        overLimit('Reading the pictures of the document takes more memory than the limit.')
      else reject(new Error(`Text recognition ended with code ${code}, signal ${signal}.`))
    })
    child.on('message', (message: OcrMessage) => {
      if ('memoryMb' in message) {
        if (message.memoryMb > memoryMb)
          overLimit('Reading the pictures of the document takes more memory than the limit.')
        return
      }
      if ('refused' in message)
        return reject(new Problem(message.refused.code, message.refused.message))
      if ('failed' in message)
        return reject(new Error(`Text recognition failed: ${message.failed}`))
      onMessage(message)
      if ('done' in message || 'picture' in message || 'missing' in message) {
        clearTimeout(timer)
        resolve()
      }
    })
    child.send(task)
  })
}
