import type { z } from 'zod'
import { type BadValue, Problem } from '../../problem.ts'

/**
 * What a schema refuses, as a problem that points at each bad value. `pointer` is where the value stands in what the
 * client sent; `ofUnknown` says what is wrong with a member that the schema does not know.
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
