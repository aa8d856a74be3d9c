import type { z } from 'zod'
import { type BadValue, Problem } from '../../problem.ts'

/**
 * The errors of a schema as a problem that points at each bad value. `pointer` is the position of the value in the request;
 * `describeUnknownMember` explains a member that the schema does not have.
 */
export function validationProblem(
  error: z.ZodError,
  pointer: string,
  describeUnknownMember: (name: string) => string = () => 'there is no such member',
): Problem {
  const errors = error.issues.flatMap((issue): BadValue[] => {
    const at = [pointer, ...issue.path].join('/')
    return issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ pointer: `${at}/${key}`, detail: describeUnknownMember(key) }))
      : [{ pointer: at, detail: issue.message }]
  })
  const detail = errors.map((bad) => `${bad.pointer}: ${bad.detail}`).join('; ')
  return new Problem('invalid-request', detail, { errors })
}
