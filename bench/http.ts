import { request } from 'node:http'

export type BenchResponse = { status: number; etag: string | null; text: string }

/** A GET with no other headers than the load generator sends: `Accept` and the like decide an `ETag`. */
export function get(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  /** Stops reading after so many bytes. */
  bytesMax = Number.POSITIVE_INFINITY,
): Promise<BenchResponse> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers, agent: false }, (response) => {
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
    sent.on('error', reject)
    sent.end()
  })
}

/** A GET whose answer is read to its end and not kept. */
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
