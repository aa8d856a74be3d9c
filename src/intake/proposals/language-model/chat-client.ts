import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { FatalError } from '../../../fatal-error.ts'

export type ChatServer = {
  /** Base address, e.g. `http://localhost:11434/v1`. */
  endpoint: string
  model: string
  /** Null for a server that needs none. */
  key: string | null
  secondsPerRequest: number
  /** Before the second attempt; twice as long before the third. */
  retryMs: number
}

export type ChatMessage = { role: 'system' | 'user'; content: string }

/** What a run may cost at most, and what it has cost so far. Tokens are those that the server reports, else an estimate. */
export class Budget {
  requests = 0
  tokens = 0
  readonly #requestsMax: number
  readonly #tokensMax: number

  constructor(requestsMax: number, tokensMax: number) {
    this.#requestsMax = requestsMax
    this.#tokensMax = tokensMax
  }

  /** Whether a request with this many characters may still be sent. */
  allows(characters: number): boolean {
    return (
      this.requests < this.#requestsMax &&
      this.tokens + estimateTokens(characters) < this.#tokensMax
    )
  }
}

const charactersPerToken = 4
const estimateTokens = (characters: number): number => Math.ceil(characters / charactersPerToken)

/** The part of a chat completion that is read (OpenAI API, "Create chat completion"). */
const ChatCompletion = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        message: z.looseObject({ content: z.string().nullish() }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
  usage: z.looseObject({ total_tokens: z.number().nonnegative().nullish() }).nullish(),
})

/** Why an answer cannot be used. */
type FailedAnswer = { failure: string }
export type ChatAnswer = { value: unknown } | FailedAnswer

const attemptsMax = 3
const answerBytesMax = 4_194_304

/**
 * Asks for a JSON value of a schema. Repeats a request that fails for a reason that may pass, and one whose answer is no
 * JSON, within the budget.
 *
 * @throws {FatalError} when the server refuses the request
 */
export async function askForJson(
  server: ChatServer,
  messages: readonly ChatMessage[],
  schema: { name: string; schema: object },
  budget: Budget,
): Promise<ChatAnswer> {
  const body = JSON.stringify({
    model: server.model,
    messages,
    temperature: 0,
    response_format: { type: 'json_schema', json_schema: { ...schema, strict: false } },
  })
  let last: FailedAnswer = { failure: 'the budget is used up' }
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    if (!budget.allows(body.length)) return last
    if (attempt > 0) await wait(server.retryMs * attempt)
    budget.requests += 1
    const answer = await sendRequest(server, body, budget)
    if ('value' in answer) return answer
    last = answer
  }
  return last
}

async function sendRequest(
  { endpoint, key, secondsPerRequest }: ChatServer,
  body: string,
  budget: Budget,
): Promise<ChatAnswer> {
  let response: Response
  let text: string
  try {
    response = await fetch(`${endpoint.replace(/\/+$/, '')}/chat/completions`, {
      method: 'POST',
      // A redirect would send the text to another server than the one that was named.
      redirect: 'error',
      headers: {
        'Content-Type': 'application/json',
        ...(key !== null && { Authorization: `Bearer ${key}` }),
      },
      body,
      signal: AbortSignal.timeout(secondsPerRequest * 1_000),
    })
    text = await readBounded(response)
  } catch (error) {
    budget.tokens += estimateTokens(body.length)
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    return { failure: `no answer: ${cause instanceof Error ? cause.message : String(cause)}` }
  }
  if (response.status === 429 || response.status >= 500)
    return { failure: `the server answered ${response.status}` }
  if (!response.ok)
    throw new FatalError(`The server answered ${response.status}: ${text.slice(0, 500)}`)
  return parseAnswer(text, body.length, budget)
}

async function readBounded(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response.body ?? []) {
    length += part.length
    if (length > answerBytesMax) throw new RangeError('the answer is too long')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function parseAnswer(text: string, sentCharacters: number, budget: Budget): ChatAnswer {
  const estimate = estimateTokens(sentCharacters + text.length)
  const completion = ChatCompletion.safeParse(parseJson(text))
  budget.tokens += completion.data?.usage?.total_tokens ?? estimate
  const [choice] = completion.data?.choices ?? []
  if (choice === undefined) return { failure: 'the answer is no chat completion' }
  if (choice.finish_reason === 'length') return { failure: 'the answer was cut off' }
  // Some servers put the JSON into a fenced block in spite of the schema.
  const content = (choice.message.content ?? '').replace(/^\s*```(?:json)?\s*|\s*```\s*$/g, '')
  const value = parseJson(content)
  return value === undefined ? { failure: 'the answer is no JSON' } : { value }
}

/** Undefined for a text that is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
