const verbByMethod: Readonly<Record<string, string>> = {
  PATCH: 'update',
  PUT: 'replace',
  DELETE: 'delete',
}

/**
 * What generated clients call an operation, read off method and path: `listPermits`, `createPermit`, `getPermit`,
 * `updatePermit`, `getPermitHistory`, `addPermitCitation`, `mergeActor`. A route for which that reads badly says its own
 * `operationId`; that no two are the same, the lint of the document holds.
 */
export function buildOperationId(method: string, url: string): string {
  const steps = url.split('/').filter((step) => step !== '' && step !== 'v1')
  const isParameter = (step: string | undefined) => step?.startsWith(':') ?? false
  const words = steps.flatMap((step, index) =>
    isParameter(step)
      ? []
      : [toPascalCase(isParameter(steps[index + 1]) ? toSingular(step) : step)],
  )
  const allWords = words.join('')
  const last = words.at(-1) ?? 'Root'
  const owner = words.slice(0, -1).join('')
  if (isParameter(steps.at(-1))) return `${verbByMethod[method] ?? 'get'}${allWords}`
  const isPlural = /[^s]s$/.test(last)
  if (method !== 'POST') return `${verbByMethod[method] ?? (isPlural ? 'list' : 'get')}${allWords}`
  if (!isPlural) return `${last.charAt(0).toLowerCase()}${last.slice(1)}${owner}`
  return `${owner === '' ? 'create' : 'add'}${owner}${toSingular(last)}`
}

const toPascalCase = (step: string): string =>
  step.replaceAll(/(?:^|[^A-Za-z0-9])([A-Za-z0-9])/g, (_match, first: string) =>
    first.toUpperCase(),
  )

const toSingular = (word: string): string =>
  word.endsWith('ies') ? `${word.slice(0, -3)}y` : word.replace(/s$/, '')
