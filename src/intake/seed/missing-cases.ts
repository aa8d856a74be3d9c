import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Database } from '../../database/database.ts'
import { hasCase } from './queries.ts'

export const seedsFolder = join(import.meta.dirname, '../../../seeds')

export const listCaseFolders = (folder = seedsFolder): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name))
    .sort()

/** The case folders whose case the database does not have and never had. */
export async function findMissingCases(
  database: Database,
  folder = seedsFolder,
): Promise<string[]> {
  const missing = []
  for (const caseFolder of listCaseFolders(folder))
    if (!(await hasCase(database.db, basename(caseFolder)))) missing.push(caseFolder)
  return missing
}
