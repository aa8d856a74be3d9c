import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Config } from '../config.ts'
import { FatalError } from '../fatal-error.ts'

/** OpenTelemetry traces of the requests. */
export type Tracing = {
  /** Call it before the first hook of the server. */
  register(app: FastifyInstance): Promise<void>
  /** Sends what was not sent yet. */
  close(): Promise<void>
}

type TracedRequest = FastifyRequest & {
  opentelemetry?(): { span: { spanContext(): { traceId: string } } | null }
}

/**
 * Starts traces when `OTEL_EXPORTER_OTLP_ENDPOINT` is set. Without it, no module of OpenTelemetry is loaded.
 *
 * @throws {FatalError} when its packages are not installed
 */
export async function startTracing(
  config: Pick<Config, 'OTEL_EXPORTER_OTLP_ENDPOINT' | 'OTEL_SERVICE_NAME'>,
): Promise<Tracing | undefined> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME } = config
  if (endpoint === undefined) return undefined
  const [sdk, { OTLPTraceExporter }, { resourceFromAttributes }, { FastifyOtelInstrumentation }] =
    await loadPackages()
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` })
  const provider = new sdk.NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': OTEL_SERVICE_NAME }),
    spanProcessors: [new sdk.BatchSpanProcessor(exporter)],
  })
  provider.register()
  const instrumentation = new FastifyOtelInstrumentation()
  instrumentation.setTracerProvider(provider)
  return {
    async register(app) {
      await app.register(instrumentation.plugin())
      app.addHook('onRequest', (request: TracedRequest, reply, done) => {
        const traceId = request.opentelemetry?.().span?.spanContext().traceId
        if (traceId !== undefined) {
          request.log = request.log.child({ traceId })
          reply.log = request.log
        }
        done()
      })
    },
    async close() {
      // A collector that does not answer does not hold up the end of the server.
      await provider.shutdown().catch(() => undefined)
    },
  }
}

async function loadPackages() {
  try {
    return await Promise.all([
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
      import('@fastify/otel'),
    ])
  } catch (error) {
    throw new FatalError(
      'OTEL_EXPORTER_OTLP_ENDPOINT needs the optional packages of OpenTelemetry. Run npm ci without --omit=optional.',
      { cause: error },
    )
  }
}
