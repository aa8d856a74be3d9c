/**
 * A revision with its epoch: the first 8 hexadecimal digits of its hash. The hash covers all earlier revisions, so the same
 * revision number has another epoch when the history before it is another one, as after a restore of a backup.
 */
export type Head = { revision: number; epoch: string }

/** Before the first write. */
export const emptyHead: Head = { revision: 0, epoch: '00000000' }

/** Where the newest revision is known from. */
export type RevisionSource = {
  /** The newest announced revision. Null while only the database knows it. */
  getKnownHead(): Head | null
  /** The newest revision: the known one, or read from the database. */
  getHead(): Promise<Head>
  /** The newest revision, read from the database. */
  queryHead(): Promise<Head>
  /** The epoch of a revision; null when the history has no such revision. */
  getEpoch(revision: number): Promise<string | null>
  /** Calls the listener when a newer head, or that of another history, is known. Returns a function that removes it. */
  onChange(listener: () => void): () => void
}
