import { request } from 'node:http'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'

export type SentRequest = {
  method: string
  path: string
  headers?: Record<string, string>
  body?: string | Buffer
}

export type PlainResponse = {
  status: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  mediaType: string
  /** Decompressed. */
  bytes: Buffer
  text: string
}

const decompressors: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  br: brotliDecompressSync,
  gzip: gunzipSync,
  deflate: inflateSync,
}

/** Sends a request without any help of a client library, and decompresses the response. */
export function sendRequest(
  port: number,
  { method, path, headers, body }: SentRequest,
): Promise<PlainResponse> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
    const sent = request(
      { port, host: '127.0.0.1', method, path, headers: { ...headers, ...length } },
      (response) => {
        const chunks: Buffer[] = []
        const finish = () => {
          const coding = String(response.headers['content-encoding'] ?? 'identity')
          const received = Buffer.concat(chunks)
          const decompress = decompressors[coding]
          const isCoded = decompress !== undefined && received.length > 0
          const bytes = isCoded ? decompress(received) : received
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            mediaType: String(response.headers['content-type'] ?? '').split(';')[0] ?? '',
            bytes,
            text: bytes.toString('utf8'),
          })
        }
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk)
          // Such a response ends only when its client leaves.
          if (response.headers['content-type']?.startsWith('text/event-stream')) {
            finish()
            sent.destroy()
          }
        })
        response.on('end', () => {
          try {
            finish()
          } catch (error) {
            reject(error)
          }
        })
        response.on('error', reject)
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}
