const supportedParameters = new Set([
  'application_name',
  'host',
  'options',
  'password',
  'port',
  'sslcert',
  'sslkey',
  'sslmode',
  'sslnegotiation',
  'sslrootcert',
  'user',
])

/** What to use instead of parameters that other programs know. */
const advice: Readonly<Record<string, string>> = {
  schema: 'use options=-c%20search_path%3Dname',
  connection_limit: 'set POOL_SIZE',
  pgbouncer: 'set DATABASE_PREPARED=false',
  target_session_attrs: 'name the primary, and set DATABASE_REPLICA_URLS',
}

const sslModes = ['disable', 'require', 'verify-ca', 'verify-full']

/** Why a parameter of the URL cannot be used; null when all have the meaning that they have in libpq. */
export function findUrlFault(text: string): string | null {
  const { searchParams } = new URL(text)
  const names = [...searchParams.keys()]
  const unknown = names.find((name) => !supportedParameters.has(name))
  if (unknown !== undefined)
    return `its parameter "${unknown}" is not supported: ${advice[unknown] ?? `remove it, or use ${[...supportedParameters].join(', ')}`}`
  const repeated = names.find((name, index) => names.indexOf(name) < index)
  if (repeated !== undefined) return `its parameter "${repeated}" is there twice`
  const mode = searchParams.get('sslmode')
  if (mode !== null && !sslModes.includes(mode))
    return `its sslmode "${mode}" is not supported: use ${sslModes.join(', ')}`
  const rootCertificate = searchParams.get('sslrootcert')
  if (mode === 'verify-ca' && rootCertificate === null)
    return 'its sslmode "verify-ca" needs sslrootcert, a file with the certificate of the authority'
  if (rootCertificate === 'system' && mode !== 'verify-full')
    return 'its sslrootcert "system" needs sslmode=verify-full'
  if (mode === null && ['sslcert', 'sslkey', 'sslrootcert'].some((name) => searchParams.has(name)))
    return 'it names certificates without sslmode: add sslmode=verify-full'
  return null
}

/** The URL for the driver, which gives `sslmode` another meaning than libpq unless it is asked. */
export function toDriverUrl(text: string): string {
  const url = new URL(text)
  if (!url.searchParams.has('sslmode')) return text
  // The authorities that the system trusts are the default of the driver.
  if (url.searchParams.get('sslrootcert') === 'system') url.searchParams.delete('sslrootcert')
  url.searchParams.set('uselibpqcompat', 'true')
  return url.href
}
