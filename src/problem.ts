/**
 * All problems of the API. A code is public: add codes, never rename or reuse one. `explanation` is the page at
 * `/problems/<code>` and the paragraph in docs/errors.md.
 */
export const problems = {
  'invalid-request': {
    status: 400,
    title: 'Invalid request',
    explanation:
      'A parameter or a value of the body is wrong. `errors` lists each one with a JSON pointer: `/query/limit` is the query parameter `limit`, `/body/title` the member `title` of the body. Parameters are strict: the server refuses a misspelled filter and suggests the nearest known one, so that a typing error never returns an unfiltered list.',
  },
  'invalid-cursor': {
    status: 400,
    title: 'Invalid cursor',
    explanation:
      'A cursor is valid only unchanged, and for the list, filters and sort that it was made for. Follow the `next` link as it is, or start again without `cursor`.',
  },
  'unknown-reference': {
    status: 400,
    title: 'Unknown reference',
    explanation:
      'A filter such as `destination=turkey` takes the slug or the id of a record. No record has this one. `errors` names the parameter and suggests a similar slug if there is one.',
  },
  'not-found': {
    status: 404,
    title: 'Not found',
    explanation:
      'No route has this path, or no record of this kind has this slug or id. `/` and `/openapi.json` list the routes. The lists under `/v1` show the slugs.',
  },
  unauthorized: {
    status: 401,
    title: 'Unauthorized',
    explanation:
      'Writing needs a key. On a private server reading needs one too. Send `Authorization: Bearer <key>`. The operator makes keys with `casefile keys create`. Revoked and expired keys are refused.',
  },
  forbidden: {
    status: 403,
    title: 'Forbidden',
    explanation:
      'The key is valid, but its scope is too small: `read` can read, `propose` can also propose drafts, `write` can also write, `admin` can also manage. `detail` names the scope that is needed.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'Method not allowed',
    explanation:
      'The path exists, but does not support this method. The `Allow` header lists the methods that it supports.',
  },
  'not-acceptable': {
    status: 406,
    title: 'Not acceptable',
    explanation:
      'None of the requested formats (`Accept` header or `format=`) is available here. `detail` lists the available ones.',
  },
  'slug-taken': {
    status: 409,
    title: 'Slug already in use',
    explanation:
      'A slug is unique among the records of its kind, including retracted and merged ones, so that links stay valid. Choose another slug.',
  },
  'number-taken': {
    status: 409,
    title: 'Permit number already in use',
    explanation:
      'An issuer uses a permit number once. Check the number, or correct the permit that has it.',
  },
  'identifier-taken': {
    status: 409,
    title: 'Identifier already in use',
    explanation:
      'An identifier (scheme and value) belongs to one actor. If both records are the same actor, merge them: `POST /v1/actors/:ref/merge`.',
  },
  'state-known': {
    status: 409,
    title: 'State already recorded',
    explanation:
      'A state is one actor, whatever its spelling, language or code: `Türkiye`, `TUR` and `Republic of Turkey` are one. `references` names the actor that is there. Refer to it, and add the other name to its `aliases`. The `country` of an actor of type `state` is its own code: leave it out for a territory that is not the state of this code. Two that are there already become one with `POST /v1/actors/:ref/merge`.',
  },
  'article-known': {
    status: 409,
    title: 'Duplicate article',
    explanation: 'A case stores the same bytes once. Cite the existing article.',
  },
  'proposal-decided': {
    status: 409,
    title: 'Proposal already decided',
    explanation:
      'A proposal creates or supports one record, and this proposal already did: `references` names the record. Correct that record instead. A rejected proposal can still be accepted.',
  },
  'still-referenced': {
    status: 409,
    title: 'Record is still referenced',
    explanation:
      'A record cannot be retracted while other records refer to it. `references` lists them. Change or retract them first, or merge this record into another one.',
  },
  'not-installed': {
    status: 501,
    title: 'Not installed',
    explanation:
      'The answer needs an optional package that is not installed on the server. `detail` names it, with the command that installs it.',
  },
  'span-cited': {
    status: 409,
    title: 'Span is cited',
    explanation:
      'A span cannot be marked as one that nothing may cite while citations quote words in it. `references` lists their records, `passages` their quotes. Remove or correct these citations first.',
  },
  'idempotency-conflict': {
    status: 409,
    title: 'Idempotency key reused',
    explanation:
      'Within 24 hours an `Idempotency-Key` may be sent again only with the same method, path and body. The response is then the same. Use a new key for a new request.',
  },
  'history-changed': {
    status: 409,
    title: 'History changed',
    explanation:
      'The cursor, `since` or `Last-Event-ID` names a revision that is not in the history of this server. This happens after a restore of a backup or a failover that lost revisions. `head` has the newest revision. Read the data again from the beginning: without `cursor`, or with `since=0`.',
  },
  retracted: {
    status: 410,
    title: 'Record retracted',
    explanation:
      'The record was withdrawn. `detail` gives the reason. Read its earlier states with `?revision=` and in its `/history`.',
  },
  'precondition-failed': {
    status: 412,
    title: 'Precondition failed',
    explanation:
      'The `ETag` in `If-Match` does not match the current state of the record. Read the record again, see what changed (`/history`), and send the change with the new `ETag`.',
  },
  'precondition-required': {
    status: 428,
    title: 'Precondition required',
    explanation:
      'Send the `ETag` of the record as you read it in `If-Match`. This way nobody overwrites a change that somebody else has just made.',
  },
  'body-too-large': {
    status: 413,
    title: 'Request body too large',
    explanation:
      'The body exceeds the limit that `detail` names. The settings are `BODY_LIMIT_BYTES`, and `DOCUMENT_LIMIT_BYTES` for files.',
  },
  'batch-too-large': {
    status: 413,
    title: 'Batch too large',
    explanation:
      'A batch has at most `batchSize` reconciliation queries; the manifest at `/reconcile` gives the number. Send several smaller batches.',
  },
  'uri-too-long': {
    status: 414,
    title: 'URI too long',
    explanation:
      'A URL may have 8,000 characters, a slug 120. Send longer input, such as a batch of reconciliation queries, as a form.',
  },
  'headers-too-large': {
    status: 431,
    title: 'Request header fields too large',
    explanation:
      'URL and headers together may have 16,384 bytes. Send fewer or shorter headers, or split a long list of values over several requests.',
  },
  'request-timeout': {
    status: 408,
    title: 'Request timeout',
    explanation: 'The client did not finish its request in time. Send it again.',
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
      'The file is damaged or has another format than it seems; `detail` gives the reason. Nothing was stored. Open the file in a program that reads it and save it again.',
  },
  'document-encrypted': {
    status: 422,
    title: 'Document encrypted',
    explanation: 'The file needs a password. Save it without one. The server accepts no passwords.',
  },
  'document-without-text': {
    status: 422,
    title: 'Document without text',
    explanation:
      'The file is empty, or it is a scanned PDF without a text layer. Facts are cited by their words, so run text recognition (OCR) on it first.',
  },
  'document-over-limit': {
    status: 422,
    title: 'Document exceeds limits',
    explanation:
      'The file is too large when unpacked, has more than 5,000,000 characters of text, is nested too deeply, has too many pages, or takes too long to read; `detail` says which. Nothing was stored. Split a large file and send the parts.',
  },
  'quote-not-found': {
    status: 422,
    title: 'Quote not found',
    explanation:
      'A citation is an exact quote, and the body of the article does not contain this one. `passages` lists the most similar passages (start, end and quote; offsets in code points), best first. The server never corrects a quote: send the exact words.',
  },
  'quote-ambiguous': {
    status: 422,
    title: 'Quote ambiguous',
    explanation:
      'The article contains the quote more than once. `passages` lists the places with the words around them. Send `prefix` or `suffix`, or a longer quote, so that only one place matches.',
  },
  'quote-in-boilerplate': {
    status: 422,
    title: 'Quote in boilerplate',
    explanation:
      'The passage is in a span that cannot be cited: boilerplate, navigation, teasers of other articles, headers and footers of pages, text that is struck out. `detail` says which. A reviewer can correct a wrong mark at `/v1/articles/{ref}/spans`.',
  },
  'citation-missing': {
    status: 422,
    title: 'Citation missing',
    explanation:
      'Every record except cases and articles needs at least one citation. Send one when you create the record. The last citation cannot be removed.',
  },
  'impossible-transition': {
    status: 422,
    title: 'Impossible state transition',
    explanation:
      'The effects of the events of a permit or measure must be possible in the order of their dates. For example, a cancelled permit cannot be issued afterwards. `detail` names the state and the possible effects.',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    explanation:
      'The client sent more requests than the setting `RATE_LIMIT_PER_MINUTE` allows, or holds too many connections, request bodies, exports or streams at the same time; `detail` says which. Wait for the seconds in `Retry-After`. The `RateLimit-*` headers of each response show how many requests are left in the window. Cached responses do not count.',
  },
  'internal-error': {
    status: 500,
    title: 'Internal server error',
    explanation:
      'The server has a fault; the request may be correct. The fault is logged with the request id in `detail` and in the `X-Request-Id` header. Send that id to the operator of the server.',
  },
  busy: {
    status: 503,
    title: 'Too many concurrent writes',
    explanation:
      'Other writes prevented this one, even after the server tried again. Nothing was stored. Send it again after the seconds in `Retry-After`.',
  },
  overloaded: {
    status: 503,
    title: 'Server overloaded',
    explanation:
      'The server has too many concurrent requests and did not start this one. Send it again after the seconds in `Retry-After`, and send fewer requests at once. The limit is the setting `MAX_CONCURRENT_REQUESTS`.',
  },
  'database-unavailable': {
    status: 503,
    title: 'Database unavailable',
    explanation:
      'The server cannot reach its database. The request is not at fault: send it again after the seconds in `Retry-After`. The server reconnects by itself.',
  },
  'read-only': {
    status: 503,
    title: 'Read-only server',
    explanation:
      'The database of this server is a standby: it answers reads only. Send the write to another server, or again after the seconds in `Retry-After`: when the standby is promoted, this server takes writes.',
  },
  'unsuitable-pooler': {
    status: 503,
    title: 'Unsuitable connection pooler',
    explanation:
      'The connection pooler before the database (PgBouncer or another) forgets what the server prepares on a connection. Only the operator can change this: set `DATABASE_PREPARED=false`, or let the pooler keep prepared statements (PgBouncer 1.21 or later, `max_prepared_statements`).',
  },
  'too-slow': {
    status: 503,
    title: 'Database query timeout',
    explanation:
      'The query took longer than the setting `STATEMENT_TIMEOUT_MS` allows. Request less data: use a narrower filter or a smaller `limit`.',
  },
} as const satisfies Record<string, { status: number; title: string; explanation: string }>

export type ProblemCode = keyof typeof problems

/** One bad value: where it is (JSON pointer that starts with `/query`, `/params`, `/headers` or `/body`) and why. */
export type BadValue = { pointer: string; detail: string }

/** A passage of an article. Offsets are code points, `end` is exclusive. */
export type CandidatePassage = {
  start: number
  end: number
  quote: string
  prefix: string
  suffix: string
}

export type RecordReference = { id: string; slug: string; name: string; href: string }

/**
 * The record was merged into another one. A request whose path names it gets a 308 with the new path. Any other reference
 * to it is `unknown-reference`.
 */
export class RecordMovedError extends Error {
  override readonly name = 'RecordMovedError'
  /** Slug or id as the client sent it, and the slug of the record that it was merged into. */
  readonly oldRef: string
  readonly newSlug: string

  constructor(ref: string, slug: string) {
    super(`${ref} is ${slug} now.`)
    this.oldRef = ref
    this.newSlug = slug
  }
}

/** The client closed its connection, so nobody waits for the response. */
export class ClientDisconnectedError extends Error {
  override readonly name = 'ClientDisconnectedError'

  constructor() {
    super('The client has disconnected.')
  }
}

/** An expected failure. The client sees `code`, `message` and `errors`; `cause` goes only to the log. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: ProblemCode
  readonly errors: BadValue[] | undefined
  /** Records that prevent the change. */
  readonly references: readonly RecordReference[] | undefined
  /** Similar passages, best first. */
  readonly passages: readonly CandidatePassage[] | undefined
  /** The newest revision of this server. */
  readonly head: { revision: number; epoch: string } | undefined

  constructor(
    code: ProblemCode,
    detail: string,
    options: {
      cause?: unknown
      errors?: BadValue[]
      passages?: readonly CandidatePassage[]
      references?: readonly RecordReference[]
      head?: { revision: number; epoch: string }
    } = {},
  ) {
    super(detail, options)
    this.code = code
    this.errors = options.errors
    this.passages = options.passages
    this.references = options.references
    this.head = options.head
  }
}
