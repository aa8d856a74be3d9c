/** Where the newest revision is known from. */
export type RevisionSource = {
  /** Null while only the database knows it. */
  getKnownRevision(): number | null
  getRevision(): Promise<number>
  queryRevision(): Promise<number>
  /** Returns a function that removes the listener. */
  onChange(listener: () => void): () => void
}
