import type { IncomingMessage, ServerResponse } from 'node:http'
import helmet from 'helmet'

/**
 * The headers of helmet for an API that pages of every origin may read. They are the same in every answer, so helmet is asked
 * once: its plugin goes through its parts for every request.
 */
export const securityHeaders: Readonly<Record<string, string>> = computeHelmetHeaders()

function computeHelmetHeaders(): Record<string, string> {
  const headers: Record<string, string> = {}
  const set = helmet({
    contentSecurityPolicy: false,
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    // Browsers heed these two only over HTTPS, and complain of them otherwise.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    hsts: false,
    // For browsers and plug-ins that are no more.
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
  set({} as IncomingMessage, response as unknown as ServerResponse, (error) => {
    if (error) throw error
  })
  return headers
}
