type Send = (request: Request) => Promise<Response>
type Kept = { tag: string; body: ArrayBuffer; headers: [string, string][] }

/**
 * Keeps the answers that have an `ETag`, the ones used last, and asks for them conditionally: a 304 costs the server no
 * query and comes back as the 200 that was kept. What the caller asks for conditionally is left alone, and so is what is
 * no JSON: an export may be of any length.
 */
export function remembering(send: Send, limit: number): Send {
  if (limit <= 0) return send
  const kept = new Map<string, Kept>()
  return async (request) => {
    if (request.method !== 'GET' || request.headers.has('If-None-Match')) return send(request)
    const name = ['Accept', 'Authorization'].reduce(
      (all, header) => `${all}\n${request.headers.get(header) ?? ''}`,
      request.url,
    )
    const known = kept.get(name)
    const asked = new Request(request)
    if (known) asked.headers.set('If-None-Match', known.tag)
    const response = await send(asked)
    if (known && response.status === 304) {
      kept.delete(name)
      kept.set(name, known)
      const headers = new Headers(known.headers)
      for (const [header, value] of response.headers) headers.set(header, value)
      return new Response(known.body, { status: 200, headers })
    }
    const tag = response.headers.get('ETag')
    if (response.status !== 200 || tag === null || !isJson(response)) return response
    const body = await response.clone().arrayBuffer()
    kept.delete(name)
    kept.set(name, { tag, body, headers: [...response.headers] })
    for (const oldest of kept.keys()) {
      if (kept.size <= limit) break
      kept.delete(oldest)
    }
    return response
  }
}

const isJson = (response: Response): boolean =>
  /^application\/json(;|$)/.test(response.headers.get('Content-Type') ?? '')
