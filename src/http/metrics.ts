import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { EarlyResponder } from './http-server.ts'
import { getProblemCode } from './problems.ts'

/** Seconds. */
const latencyBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** Values by label, read when the metrics are. */
type GaugeReader = () => Iterable<readonly [label: string, value: number]>

/** The metrics of a process, for Prometheus. docs/operating.md lists them. */
export class Metrics {
  readonly registry = new Registry()
  readonly #requests: Counter<'method' | 'route' | 'status'>
  readonly #seconds: Histogram<'method' | 'route'>
  readonly #problems: Counter<'code'>
  readonly #cached: Counter
  readonly #inFlight: Gauge<'kind'>

  constructor() {
    const registers = [this.registry]
    collectDefaultMetrics({ register: this.registry })
    this.#requests = new Counter({
      name: 'casefile_http_requests_total',
      help: 'Responses by method, route and status, without those from the cache.',
      labelNames: ['method', 'route', 'status'],
      registers,
    })
    this.#seconds = new Histogram({
      name: 'casefile_http_request_seconds',
      help: 'Time until the response was sent, by method and route, without streams of changes.',
      labelNames: ['method', 'route'],
      buckets: latencyBuckets,
      registers,
    })
    this.#problems = new Counter({
      name: 'casefile_problems_total',
      help: 'Problems by code: refusals are overloaded, busy and too-many-requests.',
      labelNames: ['code'],
      registers,
    })
    this.#cached = new Counter({
      name: 'casefile_cached_responses_total',
      help: 'Responses from the cache.',
      registers,
    })
    this.#inFlight = new Gauge({
      name: 'casefile_http_requests_in_flight',
      help: 'Requests without a complete response, by kind: stream (of changes) or request.',
      labelNames: ['kind'],
      registers,
    })
  }

  /** Adds a value that is read when the metrics are. */
  addGauge(name: string, help: string, read: () => number | null | Promise<number | null>): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      async collect() {
        const value = await read()
        if (value === null) this.reset()
        else this.set(value)
      },
    })
  }

  /** Same as `addGauge`, with a value for each label. */
  addGaugeByLabel(name: string, help: string, label: string, read: GaugeReader): void {
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [this.registry],
      collect() {
        this.reset()
        for (const [key, value] of read()) this.set({ [label]: key }, value)
      },
    })
  }

  /** Counts the responses that `respondEarly` sends. */
  countCached(respondEarly: EarlyResponder): EarlyResponder {
    return (request, response) => {
      const isSent = respondEarly(request, response)
      if (isSent) this.#cached.inc()
      return isSent
    }
  }

  /** Counts the requests of a server. Call it before the first route. */
  registerHooks(app: FastifyInstance): void {
    app.addHook('onRequest', (request, reply, done) => {
      const startedAt = performance.now()
      const isStream = request.routeOptions.config.isLongLived === true
      const kind = isStream ? 'stream' : 'request'
      this.#inFlight.inc({ kind })
      reply.raw.once('close', () => {
        this.#inFlight.dec({ kind })
        this.#countResponse(request, reply.raw.statusCode)
        if (!isStream) {
          const { method } = request
          const seconds = (performance.now() - startedAt) / 1_000
          this.#seconds.observe({ method, route: getRoute(request) }, seconds)
        }
        const code = getProblemCode(reply.raw)
        if (code !== undefined) this.#problems.inc({ code })
      })
      done()
    })
  }

  #countResponse(request: FastifyRequest, status: number): void {
    const { method } = request
    this.#requests.inc({ method, route: getRoute(request), status: String(status) })
  }
}

/** The pattern of the route: paths of clients would be labels without end. */
const getRoute = ({ routeOptions }: FastifyRequest): string => routeOptions.url ?? 'none'
