import { LRUCache } from 'lru-cache'
import type { Database } from '../../database/database.ts'
import { Problem } from '../../problem.ts'
import { readArticleSource } from '../../records/model/article-texts.ts'
import {
  checkPicture,
  detectPicture,
  pictureMediaTypes,
} from '../extraction/ocr/pictures/pictures.ts'
import { parseTurn } from '../extraction/ocr/recognition.ts'
import { listMissingPackages, makePagePicture } from '../extraction/ocr/run-ocr.ts'
import { findPageNote } from './queries.ts'

type PagePicture = { mediaType: string; bytes: Buffer }

/** By hash of the document, page and turn: the same bytes give the same picture. */
const pictureCache = new LRUCache<string, PagePicture>({
  maxSize: 64 * 1_048_576,
  sizeCalculation: ({ bytes }) => bytes.length + 1_000,
})

/**
 * A picture of a page of an article.
 *
 * @throws {Problem} not-found when it has no such page; not-installed without the packages that make pictures
 */
export async function readPagePicture(
  database: Database,
  articleId: string,
  page: number,
): Promise<PagePicture> {
  const { bytes: source, mediaType, sha256 } = await readArticleSource(database, articleId)
  if (!Buffer.isBuffer(source)) throw missingPage(page)
  const picture = detectPicture(source)
  if (picture === 'png' || picture === 'jpeg') {
    if (page !== 1) throw missingPage(page)
    return { mediaType: pictureMediaTypes[picture], bytes: source }
  }
  if (picture === null && mediaType !== 'application/pdf') throw missingPage(page)
  if (picture === 'tiff' && page > checkPicture(source, 'tiff')) throw missingPage(page)
  const turnedBy = parseTurn(await findPageNote(database.db, articleId, page))
  const key = `${sha256}/${page}/${turnedBy}`
  const known = pictureCache.get(key)
  if (known) return known
  const missing = listMissingPackages()
  if (missing.length > 0)
    throw new Problem(
      'not-installed',
      `Pictures of pages need packages that are not installed: npm install ${missing.join(' ')}`,
    )
  const bytes = await makePagePicture(source, { format: picture ?? 'pdf', page, turnedBy })
  if (bytes === null) throw missingPage(page)
  const made = { mediaType: 'image/png', bytes }
  pictureCache.set(key, made)
  return made
}

const missingPage = (page: number): Problem =>
  new Problem('not-found', `The article has no page ${page} of which there could be a picture.`)
