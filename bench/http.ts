import { request } from 'node:http'

export type BenchResponse = { status: number; etag: string | null; text: string }

/** A GET with the headers of the load generator only, because headers such as `Accept` change the `ETag`. */
export function get(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  /** Stops reading after this many bytes. */
  bytesMax = Number.POSITIVE_INFINITY,
): Promise<BenchResponse> {
  return new Promise((resolve, reject) => {
    const getRequest = request(url, { headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      let bytes = 0
      const finish = () =>
        resolve({
          status: response.statusCode ?? 0,
          etag: response.headers.etag ?? null,
          text: Buffer.concat(chunks).toString(),
        })
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        bytes += chunk.length
        if (bytes < bytesMax) return
        finish()
        response.destroy()
      })
      response.on('end', finish)
      response.on('error', reject)
    })
    getRequest.on('error', reject)
    getRequest.end()
  })
}

/** A GET whose response is read and discarded. */
export function drainResponse(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    request(url, { agent: false }, (response) => {
      response.on('error', reject)
      response.on('end', resolve)
      response.resume()
    })
      .on('error', reject)
      .end()
  })
}
