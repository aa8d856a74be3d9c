/**
 * Every failure that a client can meet, a line each. A code is public: add codes, never rename or reuse one.
 * `explanation` is the page at `/problems/<code>` and the paragraph in docs/errors.md (a test compares them).
 */
export const problems = {
  'invalid-request': {
    status: 400,
    title: 'Invalid request',
    explanation:
      'A parameter or a value of the body is wrong. `errors` lists each one with a JSON pointer: `/query/limit` is the query parameter `limit`, `/body/title` the member `title` of the body. Parameters are strict: a misspelt filter is refused, and the nearest known one is named, so that a typing error never gives a longer list than was asked for.',
  },
  'invalid-cursor': {
    status: 400,
    title: 'Invalid cursor',
    explanation:
      'A cursor is valid only as it was given out in `next`, for the same list, filters and sort. Follow the `next` link as it stands, or start again without `cursor`.',
  },
  'unknown-reference': {
    status: 400,
    title: 'Unknown reference',
    explanation:
      'A filter such as `destination=turkey` takes the slug or the id of a record. The one given is neither; `errors` names the parameter and, where one is near, the slug that was probably meant.',
  },
  'not-found': {
    status: 404,
    title: 'Not found',
    explanation:
      'No route has this path, or no record of this kind has this slug or id. `/` and `/openapi.json` list the routes; the lists under `/v1` give the slugs.',
  },
  unauthorized: {
    status: 401,
    title: 'Unauthorized',
    explanation:
      'Writing needs a key, and reading too where the server is private. Send `Authorization: Bearer <key>`. A key is made with `casefile keys create`; one that was revoked or has expired is refused.',
  },
  forbidden: {
    status: 403,
    title: 'Forbidden',
    explanation:
      'The key is valid, but its scope is too small: `read` reads, `write` also writes, `admin` also manages. `detail` names the scope that is needed.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'Method not allowed',
    explanation:
      'The path exists, but not for this method. The `Allow` header lists those it takes.',
  },
  'not-acceptable': {
    status: 406,
    title: 'Not acceptable',
    explanation:
      'The `Accept` header (or `format=`) names only formats that this path does not have. `detail` lists those it has.',
  },
  'slug-taken': {
    status: 409,
    title: 'Slug already in use',
    explanation:
      'A slug is unique in its kind, also against records that were retracted or merged: links to them stay true. Choose another one.',
  },
  'number-taken': {
    status: 409,
    title: 'Permit number already in use',
    explanation:
      'A permit number is unique with its issuer. Correct the permit that has it, or check the number.',
  },
  'identifier-taken': {
    status: 409,
    title: 'Identifier already in use',
    explanation:
      'An identifier (scheme and value) stands for one actor. If both are the same actor, merge them: `POST /v1/actors/:ref/merge`.',
  },
  'article-known': {
    status: 409,
    title: 'Duplicate article',
    explanation: 'The same bytes are stored once in a case. Cite the article that is there.',
  },
  'proposal-decided': {
    status: 409,
    title: 'Proposal already decided',
    explanation:
      'A proposal makes or supports one record, and this one did; `references` names it. Correct that record instead. One that was rejected can still be accepted.',
  },
  'still-referenced': {
    status: 409,
    title: 'Record is still referenced',
    explanation:
      'A record that others point to cannot be retracted, or their facts would point at nothing. `references` lists them: change or retract them first, or merge this record into another.',
  },
  'idempotency-conflict': {
    status: 409,
    title: 'Idempotency key reused',
    explanation:
      'The same `Idempotency-Key` within 24 hours must come with the same method, path and body; it then gives the same answer. Use a new one for a new request.',
  },
  retracted: {
    status: 410,
    title: 'Record retracted',
    explanation:
      'It was withdrawn; `detail` gives the reason. What it said before can be read with `?revision=` and in its `/history`.',
  },
  'precondition-failed': {
    status: 412,
    title: 'Precondition failed',
    explanation:
      'The `ETag` in `If-Match` is of an older state. Read the record again, look at what changed (`/history`), and send the change with the new `ETag`.',
  },
  'precondition-required': {
    status: 428,
    title: 'Precondition required',
    explanation:
      'A change must say which state it starts from: send the `ETag` of the record as it was read in `If-Match`. So nobody overwrites what another has just corrected.',
  },
  'body-too-large': {
    status: 413,
    title: 'Request body too large',
    explanation:
      'The body is over the limit that `detail` names (settings `BODY_LIMIT_BYTES`, and `DOCUMENT_LIMIT_BYTES` for files).',
  },
  'batch-too-large': {
    status: 413,
    title: 'Batch too large',
    explanation:
      'A batch of reconciliation queries has at most as many as `batchSize` in the manifest at `/reconcile` says. Send them in several batches.',
  },
  'uri-too-long': {
    status: 414,
    title: 'URI too long',
    explanation:
      'A URL has at most 8,000 characters, a slug 120. What is longer, such as a batch of reconciliation, is sent as a form.',
  },
  'headers-too-large': {
    status: 431,
    title: 'Request header fields too large',
    explanation:
      'URL and headers together have at most 16,384 bytes. Send fewer or shorter ones; a long list of values belongs into several requests.',
  },
  'request-timeout': {
    status: 408,
    title: 'Request timeout',
    explanation: 'The client began a request and did not finish it. Send it again.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'Unsupported media type',
    explanation:
      'Send JSON with `Content-Type: application/json`. `POST /v1/articles` also takes a file, as a form (multipart/form-data): plain text, HTML, PDF with a text layer, or DOCX.',
  },
  'document-unreadable': {
    status: 422,
    title: 'Document unreadable',
    explanation:
      'The file is damaged, or not what it seems to be; `detail` says what was wrong with it. Nothing of it was stored. Open it in a program of your own and save it anew.',
  },
  'document-encrypted': {
    status: 422,
    title: 'Document encrypted',
    explanation:
      'It opens with a password only. Save it without one; a password is not taken here, for it would have to be kept.',
  },
  'document-without-text': {
    status: 422,
    title: 'Document without text',
    explanation:
      'The file is empty, or it is a PDF of pictures without a text layer. Facts are cited by their words, so run a text recognition (OCR) over it first.',
  },
  'document-over-limit': {
    status: 422,
    title: 'Document exceeds limits',
    explanation:
      'It unpacks to more than is read, has over 5,000,000 characters of text, nests too deep, has too many pages, or takes too long; `detail` says which. Nothing of it was stored. Such files are often made to blow up; of one that is not, send a part.',
  },
  'quote-not-found': {
    status: 422,
    title: 'Quote not found',
    explanation:
      'A citation is an exact quote; this one does not stand in the body of the article. `passages` has the nearest ones (start, end and quote; offsets in code points), best first. Quotes are never guessed: send the words as they stand.',
  },
  'quote-ambiguous': {
    status: 422,
    title: 'Quote ambiguous',
    explanation:
      'The quote stands more than once; `passages` lists the places with the words around them. Send `prefix` or `suffix`, or a longer quote, so that one is left.',
  },
  'quote-in-boilerplate': {
    status: 422,
    title: 'Quote in boilerplate',
    explanation:
      'The passage lies in a span marked as boilerplate (navigation, teasers of other articles), which nothing may cite.',
  },
  'citation-missing': {
    status: 422,
    title: 'Citation missing',
    explanation:
      'No fact without a passage: every record but a case or an article is made with at least one citation, and its last one cannot be removed.',
  },
  'impossible-transition': {
    status: 422,
    title: 'Impossible state transition',
    explanation:
      'The effects of events, in the order of their dates, must make sense: what is cancelled cannot be issued afterwards. `detail` names the state and what is possible from there.',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    explanation:
      'The client sent more requests than the setting `RATE_LIMIT_PER_MINUTE` allows. `Retry-After` says after how many seconds the next one is taken; `RateLimit-*` headers of every answer that counts say how many are left; one that the server has in memory does not count.',
  },
  'internal-error': {
    status: 500,
    title: 'Internal server error',
    explanation:
      'A fault of the server, not of the request. It is logged under the request id that `detail` and the `X-Request-Id` header name; give that id to whoever runs the server.',
  },
  busy: {
    status: 503,
    title: 'Too many concurrent writes',
    explanation:
      'The write could not be finished beside others, also not when it was tried again. Nothing of it was stored. Send it again after the seconds in `Retry-After`.',
  },
  overloaded: {
    status: 503,
    title: 'Server overloaded',
    explanation:
      'The server is at its limit and has not begun with the request: send it again after the seconds in `Retry-After`, and fewer at once. The limit is the setting `MAX_CONCURRENT_REQUESTS`.',
  },
  'database-unavailable': {
    status: 503,
    title: 'Database unavailable',
    explanation:
      'Nothing was lost and nothing is wrong with the request: send it again after the seconds in `Retry-After`. The server goes on by itself when the database is back.',
  },
  'too-slow': {
    status: 503,
    title: 'Database query timeout',
    explanation:
      'The database needed longer than the setting `STATEMENT_TIMEOUT_MS` allows. Ask for less at once: a narrower filter or a smaller `limit`.',
  },
} as const satisfies Record<string, { status: number; title: string; explanation: string }>

export type ProblemCode = keyof typeof problems

/** One bad value: where it is (JSON pointer that starts with `/query`, `/params`, `/headers` or `/body`) and why. */
export type BadValue = { pointer: string; detail: string }

/** A stretch of an article, offsets in code points. */
export type CandidatePassage = {
  start: number
  end: number
  quote: string
  prefix: string
  suffix: string
}

export type RecordReference = { id: string; slug: string; name: string; href: string }

/**
 * The record is found under another one since both were merged. Answered 308 with the new path when it was the path that
 * named it, and `unknown-reference` when something else did.
 */
export class RecordMovedError extends Error {
  override readonly name = 'RecordMovedError'
  /** What the path named, and what it must name now. */
  readonly oldRef: string
  readonly newSlug: string

  constructor(ref: string, slug: string) {
    super(`${ref} is ${slug} now.`)
    this.oldRef = ref
    this.newSlug = slug
  }
}

/** An expected failure. The client sees `code`, `message` and `errors`; `cause` goes only to the log. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: ProblemCode
  readonly errors: BadValue[] | undefined
  /** Records that stand in the way. */
  readonly references: readonly RecordReference[] | undefined
  /** Passages that the client may have meant. */
  readonly passages: readonly CandidatePassage[] | undefined

  constructor(
    code: ProblemCode,
    detail: string,
    options: {
      cause?: unknown
      errors?: BadValue[]
      passages?: readonly CandidatePassage[]
      references?: readonly RecordReference[]
    } = {},
  ) {
    super(detail, options)
    this.code = code
    this.errors = options.errors
    this.passages = options.passages
    this.references = options.references
  }
}
