import cluster from 'node:cluster'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { FatalError } from './fatal-error.ts'
import type { Metrics } from './http/metrics.ts'

/** Serves `/metrics` on a port of its own. With several workers, the supervising process adds up their metrics. */
export type MetricsServer = {
  /** Undefined in the supervising process of workers. */
  metrics: Metrics | undefined
  close(): Promise<void>
}

/**
 * Starts the metrics of a process; undefined without `METRICS_PORT`, and then nothing is loaded.
 *
 * @throws {FatalError} when the port cannot be used
 */
export async function startMetrics(
  config: Pick<Config, 'METRICS_PORT' | 'METRICS_HOST' | 'WORKERS'>,
  log: Logger,
): Promise<MetricsServer | undefined> {
  if (config.METRICS_PORT === undefined) return undefined
  const [{ AggregatorRegistry }, { Metrics }] = await Promise.all([
    import('prom-client'),
    import('./http/metrics.ts'),
  ])
  if (cluster.isWorker) {
    const metrics = new Metrics()
    AggregatorRegistry.setRegistries([metrics.registry])
    // Its constructor listens to the supervising process, which asks for the metrics.
    new AggregatorRegistry()
    return { metrics, close: async () => undefined }
  }
  const metrics = config.WORKERS === 1 ? new Metrics() : undefined
  const aggregator = metrics === undefined ? new AggregatorRegistry() : undefined
  const read = () => metrics?.registry.metrics() ?? aggregator?.clusterMetrics() ?? ''
  const close = await listen(config, read, log)
  return { metrics, close }
}

async function listen(
  { METRICS_PORT: port = 0, METRICS_HOST: host }: Pick<Config, 'METRICS_PORT' | 'METRICS_HOST'>,
  read: () => string | Promise<string>,
  log: Logger,
): Promise<() => Promise<void>> {
  const { createServer } = process.getBuiltinModule('node:http')
  const server = createServer(async (request, response) => {
    const isKnown = request.url?.split('?')[0] === '/metrics' && request.method === 'GET'
    if (!isKnown) return void response.writeHead(404).end()
    try {
      const body = await read()
      const headers = { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }
      response.writeHead(200, headers).end(body)
    } catch (error) {
      log.warn({ err: error }, 'metrics cannot be read')
      response.writeHead(503).end()
    }
  })
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    throw new FatalError(
      `METRICS_PORT ${port} on ${host} cannot be used: ${(error as Error).message}. Set METRICS_PORT or METRICS_HOST.`,
      { cause: error },
    )
  }
  const { port: used } = server.address() as AddressInfo
  log.info(`Metrics: http://${host.includes(':') ? `[${host}]` : host}:${used}/metrics`)
  return async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}
