import { DocumentError } from '../../document.ts'
import { pixelsMax } from '../recognition.ts'
import type { Bitmap } from './pictures.ts'

/** Pages as bitmaps, one at a time. */
export type PageBitmaps = {
  pageCount: number
  render(page: number, dpi: number): Promise<Bitmap>
  close(): void
}

const pointsPerInch = 72

/** The pages of a PDF. */
export async function openPdfBitmaps(bytes: Uint8Array): Promise<PageBitmaps> {
  const { PDFiumLibrary } = await import('@hyzyla/pdfium')
  const library = await PDFiumLibrary.init()
  const document = await library.loadDocument(bytes)
  return {
    pageCount: document.getPageCount(),
    async render(pageNumber, dpi) {
      const page = document.getPage(pageNumber - 1)
      const { originalWidth, originalHeight } = page.getOriginalSize()
      const inches = (originalWidth / pointsPerInch) * (originalHeight / pointsPerInch)
      // A page of any size: a larger one is rendered with fewer pixels for an inch.
      const fittingDpi = Math.min(dpi, Math.sqrt(pixelsMax / 4 / Math.max(inches, 1e-6)))
      const { width, height, data } = await page.render({
        scale: fittingDpi / pointsPerInch,
        colorSpace: 'Gray',
        render: async (bitmap) => bitmap.data,
      })
      return { width, height, data }
    },
    close() {
      document.destroy()
      library.destroy()
    },
  }
}

/** The pages of a TIFF file. */
export async function openTiffBitmaps(bytes: Uint8Array): Promise<PageBitmaps> {
  const { default: utif } = await import('utif2')
  const buffer = Uint8Array.from(bytes).buffer
  const directories = utif.decode(buffer)
  return {
    pageCount: directories.length,
    async render(page) {
      const directory = directories[page - 1]
      if (directory === undefined)
        throw new DocumentError('document-unreadable', `The picture has no page ${page}.`)
      try {
        utif.decodeImage(buffer, directory)
        const { width, height } = directory
        return { width, height, data: toGrey(utif.toRGBA8(directory), width * height) }
      } catch (cause) {
        throw new DocumentError('document-unreadable', 'The picture is damaged or cut off.', {
          cause,
        })
      }
    },
    close: () => undefined,
  }
}

/** Luminance by the weights of ITU-R BT.601; transparent pixels are white. */
function toGrey(rgba: Uint8Array, pixels: number): Uint8Array {
  const grey = new Uint8Array(pixels)
  for (let index = 0; index < pixels; index += 1) {
    const at = index * 4
    const [red = 255, green = 255, blue = 255, alpha = 255] = rgba.subarray(at, at + 4)
    const luminance = 0.299 * red + 0.587 * green + 0.114 * blue
    grey[index] = Math.round(255 + (luminance - 255) * (alpha / 255))
  }
  return grey
}
