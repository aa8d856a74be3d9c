import type { IncomingMessage, ServerResponse } from 'node:http'
import helmet from 'helmet'

/** The headers of helmet for an API that pages of any origin may read. They are constant, so they are computed once. */
export const securityHeaders: Readonly<Record<string, string>> = computeHelmetHeaders()

function computeHelmetHeaders(): Record<string, string> {
  const headers: Record<string, string> = {}
  const setHeaders = helmet({
    contentSecurityPolicy: false,
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    // Browsers use these two only over HTTPS, and log warnings otherwise.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    hsts: false,
    // For obsolete browsers and plug-ins.
    dnsPrefetchControl: false,
    ieNoOpen: false,
    permittedCrossDomainPolicies: false,
    xssFilter: false,
  })
  const response = {
    setHeader(name: string, value: string) {
      headers[name] = value
    },
    removeHeader: () => undefined,
  }
  setHeaders({} as IncomingMessage, response as unknown as ServerResponse, (error) => {
    if (error) throw error
  })
  return headers
}
