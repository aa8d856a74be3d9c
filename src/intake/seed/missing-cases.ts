import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Database } from '../../database/database.ts'
import { hasCase } from './queries.ts'

export const seedsFolder = join(import.meta.dirname, '../../../seeds')

export const caseFolders = (folder = seedsFolder): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name))
    .sort()

/** The case folders of which the database has, and had, no case. */
export async function missingCases(database: Database, folder = seedsFolder): Promise<string[]> {
  const missing = []
  for (const one of caseFolders(folder))
    if (!(await hasCase(database.db, basename(one)))) missing.push(one)
  return missing
}
