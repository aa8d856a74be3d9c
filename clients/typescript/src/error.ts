import type { components } from './schema.ts'

export type Problem = components['schemas']['Problem']

/** An error response, with its problem document (RFC 9457) if it has one. */
export class CasefileError extends Error {
  override readonly name = 'CasefileError'
  readonly status: number
  readonly problem: Problem | undefined
  /** The id of the request in the server's log. */
  readonly requestId: string | null

  constructor(response: Response, problem: Problem | undefined) {
    super(problem?.detail ?? `${response.status} ${response.statusText}`.trim())
    this.status = response.status
    this.problem = problem
    this.requestId = response.headers.get('x-request-id')
  }
}
