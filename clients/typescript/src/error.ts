import type { components } from './schema.ts'

export type Problem = components['schemas']['Problem']

/** A refusal, with the problem document (RFC 9457) that says why where there is one. */
export class CasefileError extends Error {
  override readonly name = 'CasefileError'
  readonly status: number
  readonly problem: Problem | undefined
  /** By which the server's log names the request. */
  readonly requestId: string | null

  constructor(response: Response, problem: Problem | undefined) {
    super(problem?.detail ?? `${response.status} ${response.statusText}`.trim())
    this.status = response.status
    this.problem = problem
    this.requestId = response.headers.get('x-request-id')
  }
}
