type SendRequest = (request: Request) => Promise<Response>

/**
 * Repeats a request when the server is busy, after the seconds of `Retry-After`, or after 1, 2, 4, ... seconds without that
 * header. GET, HEAD and requests with an `Idempotency-Key` are also repeated after 502, 503, 504 and network errors. Other
 * requests are repeated after 429 only, because then the server did nothing.
 */
export function retryRequests(
  send: SendRequest,
  options: { retries: number; waitSecondsMax: number },
): SendRequest {
  return async (request) => {
    const isRepeatable =
      /^(GET|HEAD)$/.test(request.method) || request.headers.has('Idempotency-Key')
    for (let attempt = 0; ; attempt += 1) {
      const isLast = attempt >= options.retries
      let response: Response | undefined
      try {
        response = await send(request.clone())
      } catch (error) {
        if (isLast || !isRepeatable || request.signal.aborted) throw error
      }
      if (response !== undefined) {
        const isBusy =
          response.status === 429 || (isRepeatable && /^50[234]$/.test(`${response.status}`))
        if (isLast || !isBusy) return response
      }
      const seconds = parseRetryAfter(response?.headers.get('Retry-After')) ?? 2 ** attempt
      if (seconds > options.waitSecondsMax && response !== undefined) return response
      await response?.body?.cancel()
      await waitSeconds(Math.min(seconds, options.waitSecondsMax), request.signal)
    }
  }
}

/** Seconds, or an HTTP date (RFC 9110, 10.2.3). */
function parseRetryAfter(header: string | null | undefined): number | undefined {
  if (header === null || header === undefined || header.trim() === '') return undefined
  if (/^\d+$/.test(header.trim())) return Number(header)
  const instant = Date.parse(header)
  return Number.isNaN(instant) ? undefined : Math.max(0, (instant - Date.now()) / 1_000)
}

const waitSeconds = (seconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, seconds * 1_000)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
