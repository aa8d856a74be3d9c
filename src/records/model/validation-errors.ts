import type { z } from 'zod'
import { type BadValue, Problem } from '../../problem.ts'

type Issue = z.core.$ZodIssue

/** Of alternatives without an error text of their own, the errors of the one that fits best. */
function chooseBranch(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.message !== 'Invalid input') return [issue]
  const [best] = issue.errors.toSorted((a, b) => a.length - b.length)
  if (best === undefined) return [issue]
  return best.flatMap((one) => chooseBranch({ ...one, path: [...issue.path, ...one.path] }))
}

/**
 * The errors of a schema as a problem that points at each bad value. `pointer` is the position of the value in the request;
 * `describeUnknownMember` explains a member that the schema does not have.
 */
export function validationProblem(
  error: z.ZodError,
  pointer: string,
  describeUnknownMember: (name: string) => string = () => 'there is no such member',
): Problem {
  const errors = error.issues.flatMap(chooseBranch).flatMap((issue): BadValue[] => {
    const at = [pointer, ...issue.path].join('/')
    return issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ pointer: `${at}/${key}`, detail: describeUnknownMember(key) }))
      : [{ pointer: at, detail: issue.message }]
  })
  const detail = errors.map((bad) => `${bad.pointer}: ${bad.detail}`).join('; ')
  return new Problem('invalid-request', detail, { errors })
}
