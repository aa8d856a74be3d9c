const verbs: Readonly<Record<string, string>> = {
  PATCH: 'update',
  PUT: 'replace',
  DELETE: 'delete',
}

/**
 * What generated clients call an operation, read off method and path: `listPermits`, `createPermit`, `getPermit`,
 * `updatePermit`, `getPermitHistory`, `addPermitCitation`, `mergeActor`. A route for which that reads badly says its own
 * `operationId`; that no two are the same, the lint of the document holds.
 */
export function operationId(method: string, url: string): string {
  const steps = url.split('/').filter((step) => step !== '' && step !== 'v1')
  const isParameter = (step: string | undefined) => step?.startsWith(':') ?? false
  const words = steps.flatMap((step, index) =>
    isParameter(step) ? [] : [pascal(isParameter(steps[index + 1]) ? singular(step) : step)],
  )
  const whole = words.join('')
  const last = words.at(-1) ?? 'Root'
  const owner = words.slice(0, -1).join('')
  if (isParameter(steps.at(-1))) return `${verbs[method] ?? 'get'}${whole}`
  const isPlural = /[^s]s$/.test(last)
  if (method !== 'POST') return `${verbs[method] ?? (isPlural ? 'list' : 'get')}${whole}`
  if (!isPlural) return `${last.charAt(0).toLowerCase()}${last.slice(1)}${owner}`
  return `${owner === '' ? 'create' : 'add'}${owner}${singular(last)}`
}

const pascal = (step: string): string =>
  step.replaceAll(/(?:^|[^A-Za-z0-9])([A-Za-z0-9])/g, (_match, first: string) =>
    first.toUpperCase(),
  )

const singular = (word: string): string =>
  word.endsWith('ies') ? `${word.slice(0, -3)}y` : word.replace(/s$/, '')
