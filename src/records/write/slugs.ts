import anyAscii from 'any-ascii'
import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { Kind } from '../model/schema.ts'
import type { NewRecord } from './create.ts'

const maxLength = 100

/** A slug of the words of a name: lower-case ASCII letters and digits, joined by hyphens. */
export function buildSlug(name: string, fallback: string): string {
  const words =
    anyAscii(name)
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? []
  let slug = ''
  for (const word of words) {
    const longer = slug === '' ? word.slice(0, maxLength) : `${slug}-${word}`
    if (longer.length > maxLength) break
    slug = longer
  }
  return slug === '' ? fallback : slug
}

/**
 * Makes slugs for the records that came without one, from their names. A used slug gets a number: `baykar-2`.
 * The order of the records decides, so the same request makes the same slugs.
 */
export async function assignSlugs(
  db: Db,
  records: readonly NewRecord[],
): Promise<readonly NewRecord[]> {
  const used = new Set(
    records.flatMap(({ writer, input }) =>
      hasSlug(input) ? [`${writer.kind}/${input.slug}`] : [],
    ),
  )
  const assigned: NewRecord[] = []
  for (const record of records) {
    const { writer, input } = record
    if (hasSlug(input)) {
      assigned.push(record)
      continue
    }
    const base = buildSlug(writer.fields.getName(input), writer.kind)
    const stored = await findSlugsWithPrefix(db, writer.kind, base)
    let slug = base
    for (let number = 2; stored.has(slug) || used.has(`${writer.kind}/${slug}`); number += 1)
      slug = `${base}-${number}`
    used.add(`${writer.kind}/${slug}`)
    assigned.push({ ...record, input: { ...input, slug } })
  }
  return assigned
}

/** The schema of a new record lets the slug be missing, though its type does not. */
const hasSlug = (input: { slug?: string }): boolean => Boolean(input.slug)

/** Also those of records that were retracted or merged: their paths still answer. */
async function findSlugsWithPrefix(db: Db, kind: Kind, prefix: string): Promise<Set<string>> {
  const { rows } = await sql<{ slug: string }>`
    SELECT slug FROM record
    WHERE kind = ${kind} AND slug >= ${prefix} AND slug < ${`${prefix}.`}`.execute(db)
  return new Set(rows.map(({ slug }) => slug))
}
