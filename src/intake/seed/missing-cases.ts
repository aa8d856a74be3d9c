import { existsSync, readdirSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import type { Database } from '../../database/database.ts'
import { hasCase } from './queries.ts'

export const seedsFolder = join(import.meta.dirname, '../../../seeds')

/** The case folders in `folder`, or `folder` itself if it is one. */
export function listCaseFolders(folder = seedsFolder): string[] {
  if (existsSync(join(folder, 'case.yaml'))) return [resolve(folder)]
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name))
    .sort()
}

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
