import type { DataFolder } from './data-folder.ts'

/** `serve` for the one server of a folder, `command` for every other process. */
export type Purpose = 'serve' | 'command'

/** The options of the caller with the folder resolved; every step of opening reads them. */
export type OpenRequest = {
  folder: DataFolder
  /** Name of the database and of its owner. */
  name: string
  purpose: Purpose
  /** `name=value` each, after our own settings and so instead of them. */
  settings: readonly string[]
  log: (line: string) => void
  onLaunch: (program: 'initdb' | 'postgres') => void
}
