type SendRequest = (request: Request) => Promise<Response>
type CachedResponse = { tag: string; body: ArrayBuffer; headers: [string, string][] }

/**
 * Caches the `maxResponses` most recently used responses with an `ETag`, and sends conditional requests for them. A 304
 * becomes the cached 200. Does not cache conditional requests of the caller, nor other media types than JSON, because an
 * export may be of any length.
 */
export function cacheResponses(send: SendRequest, maxResponses: number): SendRequest {
  if (maxResponses <= 0) return send
  const cachedResponses = new Map<string, CachedResponse>()
  return async (request) => {
    if (request.method !== 'GET' || request.headers.has('If-None-Match')) return send(request)
    const cacheKey = ['Accept', 'Authorization'].reduce(
      (key, header) => `${key}\n${request.headers.get(header) ?? ''}`,
      request.url,
    )
    const cached = cachedResponses.get(cacheKey)
    const conditionalRequest = new Request(request)
    if (cached) conditionalRequest.headers.set('If-None-Match', cached.tag)
    const response = await send(conditionalRequest)
    if (cached && response.status === 304) {
      cachedResponses.delete(cacheKey)
      cachedResponses.set(cacheKey, cached)
      const headers = new Headers(cached.headers)
      for (const [header, value] of response.headers) headers.set(header, value)
      return new Response(cached.body, { status: 200, headers })
    }
    const tag = response.headers.get('ETag')
    if (response.status !== 200 || tag === null || !isJson(response)) return response
    const body = await response.clone().arrayBuffer()
    cachedResponses.delete(cacheKey)
    cachedResponses.set(cacheKey, { tag, body, headers: [...response.headers] })
    for (const oldest of cachedResponses.keys()) {
      if (cachedResponses.size <= maxResponses) break
      cachedResponses.delete(oldest)
    }
    return response
  }
}

const isJson = (response: Response): boolean =>
  /^application\/json(;|$)/.test(response.headers.get('Content-Type') ?? '')
