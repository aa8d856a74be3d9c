const verbByMethod: Readonly<Record<string, string>> = {
  PATCH: 'update',
  PUT: 'replace',
  DELETE: 'delete',
}

/**
 * Derives the name of an operation in generated clients from method and path: `listPermits`, `createPermit`, `getPermit`,
 * `updatePermit`, `getPermitHistory`, `addPermitCitation`, `mergeActor`. A route can set another `operationId`. The lint of
 * the description checks that they are unique.
 */
export function buildOperationId(method: string, url: string): string {
  const segments = url.split('/').filter((segment) => segment !== '' && segment !== 'v1')
  const isParameter = (segment: string | undefined) => segment?.startsWith(':') ?? false
  const words = segments.flatMap((segment, index) =>
    isParameter(segment)
      ? []
      : [toPascalCase(isParameter(segments[index + 1]) ? toSingular(segment) : segment)],
  )
  const allWords = words.join('')
  const lastWord = words.at(-1) ?? 'Root'
  const owner = words.slice(0, -1).join('')
  if (isParameter(segments.at(-1))) return `${verbByMethod[method] ?? 'get'}${allWords}`
  const isPlural = /[^s]s$/.test(lastWord)
  if (method !== 'POST') return `${verbByMethod[method] ?? (isPlural ? 'list' : 'get')}${allWords}`
  if (!isPlural) return `${lastWord.charAt(0).toLowerCase()}${lastWord.slice(1)}${owner}`
  return `${owner === '' ? 'create' : 'add'}${owner}${toSingular(lastWord)}`
}

const toPascalCase = (segment: string): string =>
  segment.replaceAll(/(?:^|[^A-Za-z0-9])([A-Za-z0-9])/g, (_match, first: string) =>
    first.toUpperCase(),
  )

const toSingular = (word: string): string =>
  word.endsWith('ies') ? `${word.slice(0, -3)}y` : word.replace(/s$/, '')
