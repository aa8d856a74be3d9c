import { randomUUID } from 'node:crypto'
import compress from '@fastify/compress'
import cookie from '@fastify/cookie'
import cors from '@fastify/cors'
import rateLimit from '@fastify/rate-limit'
import swaggerUi from '@fastify/swagger-ui'
import Fastify, { type FastifyBaseLogger } from 'fastify'
import {
  type FastifyPluginAsyncZod,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import { registerAuthorisation } from './access/authorisation.ts'
import { caseFileRoutes } from './answers/case-file/routes.ts'
import { recordLookupRoutes } from './answers/changes/record-lookup-routes.ts'
import { changesRoutes } from './answers/changes/routes.ts'
import { coverageRoutes } from './answers/coverage/routes.ts'
import { dossierRoutes } from './answers/dossier/routes.ts'
import { findingRoutes } from './answers/findings/routes.ts'
import { networkRoutes } from './answers/network/routes.ts'
import { reconcileRoutes } from './answers/reconcile/routes.ts'
import { referenceRoutes } from './answers/reference/routes.ts'
import { searchRoutes } from './answers/search/routes.ts'
import { timelineRoutes } from './answers/timeline/routes.ts'
import type { Config } from './config.ts'
import type { Database } from './database/database.ts'
import { bundleRoutes } from './exchange/bundle/routes.ts'
import { caseExportRoutes } from './exchange/case-export/routes.ts'
import { entryFormats } from './exchange/entry-formats.ts'
import { linkedDataRoutes } from './exchange/linked-data/routes.ts'
import { createProxyTrust, getClient } from './http/client-address.ts'
import { registerConcurrencyLimit } from './http/concurrency-limit.ts'
import { registerConditionalRequests } from './http/conditional-requests.ts'
import { compressibleTypes, registerHeadResponses } from './http/head-requests.ts'
import { closeServerWithApp, createServerFactory } from './http/http-server.ts'
import { isInternalRequest } from './http/internal-requests.ts'
import { registerJsonBodyParser } from './http/json-body-parser.ts'
import { registerLoadShedding } from './http/load-shedding.ts'
import type { Metrics } from './http/metrics.ts'
import { registerOpenApi, swaggerUiOptions } from './http/openapi.ts'
import {
  collectRoutes,
  onClientError,
  onError,
  onMalformedUrl,
  onNotFound,
} from './http/problems.ts'
import { registerBodyLimits } from './http/request-bodies.ts'
import { getRequestId, registerRequestLog, StreamErrorLogController } from './http/request-log.ts'
import { rejectMalformedRequests, rejectUndeclaredBodies } from './http/request-validation.ts'
import { createCachedResponder, ResponseCache } from './http/response-cache.ts'
import { securityHeaders } from './http/security-headers.ts'
import { serviceRoutes } from './http/service-routes.ts'
import type { Tracing } from './http/tracing.ts'
import { documentRoutes, pageRoutes } from './intake/documents/routes.ts'
import { readRecognitionSettings } from './intake/extraction/ocr/recognition.ts'
import { proposalRoutes } from './intake/proposals/routes.ts'
import { submissionRoutes } from './intake/proposals/submitted/routes.ts'
import { registerRoutes } from './intake/registers/upload/routes.ts'
import { loadLedgerKey } from './ledger/head-signature.ts'
import type { HeadTracker } from './ledger/head-tracker.ts'
import { onNotFoundPage } from './pages/page-routes.ts'
import { pagesRoutes } from './pages/routes.ts'
import { articleRoutes, articleSpanRoutes } from './records/routes/article-routes.ts'
import { batchRoutes } from './records/routes/batch-routes.ts'
import { citationRoutes } from './records/routes/citation-routes.ts'
import { recordRoutes } from './records/routes/record-routes.ts'
import { CreateQueue } from './records/write/create-queue.ts'
import { addServerGauges } from './server-gauges.ts'

const bytesPerMib = 1_048_576

const rejectCompiler = (): never => {
  throw new Error('Set the validator and serializer compilers before the first route.')
}

export type AppDependencies = {
  config: Config
  database: Database
  head: HeadTracker
  log: FastifyBaseLogger
  metrics?: Metrics | undefined
  tracing?: Tracing | undefined
}

/** The HTTP server, not yet listening. A request passes its parts in the order of this function. */
export async function buildApp(dependencies: AppDependencies) {
  const { config, database, head, log, metrics, tracing } = dependencies
  const cache = config.CACHE_MB > 0 ? new ResponseCache(config.CACHE_MB * bytesPerMib) : undefined
  const respondFromCache =
    cache && config.ACCESS === 'public' ? createCachedResponder(cache, head, log) : undefined
  const trustProxy = createProxyTrust(config.TRUST_PROXY)
  const app = Fastify({
    loggerInstance: log,
    logController: new StreamErrorLogController(),
    bodyLimit: config.BODY_LIMIT_BYTES,
    trustProxy: trustProxy,
    routerOptions: { maxParamLength: 200 },
    genReqId: getRequestId,
    return503OnClosing: false,
    // Milliseconds. A plugin may load slowly on a busy machine.
    pluginTimeout: 120_000,
    serverFactory: createServerFactory({
      respondEarly:
        respondFromCache && (metrics?.countCached(respondFromCache) ?? respondFromCache),
      headersTimeoutSeconds: config.HEADERS_TIMEOUT_SECONDS,
      requestTimeoutSeconds: config.REQUEST_TIMEOUT_SECONDS,
      sendTimeoutSeconds: config.SEND_TIMEOUT_SECONDS,
      maxConnectionsPerClient: config.MAX_CONNECTIONS_PER_CLIENT,
      isProxy: (address) => trustProxy !== false && trustProxy(address, 0),
    }),
    frameworkErrors: onMalformedUrl,
    clientErrorHandler: onClientError,
    // The compilers are set below. Without these entries Fastify loads its own, a tenth of the modules of a start.
    schemaController: {
      compilersFactory: { buildValidator: rejectCompiler, buildSerializer: rejectCompiler },
    },
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(onError)
  collectRoutes(app)
  await tracing?.register(app)
  registerRequestLog(app)
  metrics?.registerHooks(app)
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers({ ...securityHeaders, 'X-Request-Id': request.id })
    done()
  })
  await app.register(cors, {
    origin: '*',
    strictPreflight: false,
    methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    exposedHeaders: ['ETag', 'Link', 'Location', 'Retry-After', 'X-Request-Id', 'X-Total-Count'],
    maxAge: 86_400,
  })
  registerHeadResponses(app)
  registerBodyLimits(app, {
    maxPerClient: config.MAX_BODIES_PER_CLIENT,
    minBytesPerSecond: config.MIN_BODY_BYTES_PER_SECOND,
    maxDrainBytes: 2 * Math.max(config.BODY_LIMIT_BYTES, config.DOCUMENT_LIMIT_BYTES),
  })
  await registerLoadShedding(app, config.MAX_CONCURRENT_REQUESTS, log)
  rejectMalformedRequests(app)
  rejectUndeclaredBodies(app)
  if (config.RATE_LIMIT_PER_MINUTE > 0)
    await app.register(rateLimit, {
      max: config.RATE_LIMIT_PER_MINUTE,
      timeWindow: '1 minute',
      keyGenerator: getClient,
      enableDraftSpec: true,
      allowList: (request) =>
        /^\/(healthz|readyz)$/.test(request.url) || isInternalRequest(request),
    })
  await app.register(compress, {
    threshold: 1_024,
    encodings: ['br', 'gzip', 'deflate'],
    customTypes: compressibleTypes,
  })
  await app.register(cookie, { secret: config.SESSION_SECRET ?? randomUUID() })
  registerAuthorisation(app, database.db, config.ACCESS, log)
  registerJsonBodyParser(app)
  registerConditionalRequests(app, head, cache)
  const countWaitingQueries = registerConcurrencyLimit(app, config.MAX_CONCURRENT_QUERIES)
  await registerOpenApi(app, config)
  await app.register(swaggerUi, swaggerUiOptions)

  const routeContext = {
    database,
    head,
    creates: new CreateQueue({ database, head }),
    formats: entryFormats,
    publicUrl: config.PUBLIC_URL,
    ledgerKey: loadLedgerKey(config),
  }
  await app.register(serviceRoutes, { database, head })
  const routePlugins: FastifyPluginAsyncZod<typeof routeContext>[] = [
    recordRoutes,
    articleRoutes,
    articleSpanRoutes,
    citationRoutes,
    coverageRoutes,
    batchRoutes,
    caseFileRoutes,
    dossierRoutes,
    recordLookupRoutes,
    timelineRoutes,
    findingRoutes,
    searchRoutes,
    networkRoutes,
    caseExportRoutes,
    linkedDataRoutes,
    bundleRoutes,
    reconcileRoutes,
    referenceRoutes,
  ]
  for (const routes of routePlugins) await app.register(routes, routeContext)
  await app.register(proposalRoutes, routeContext)
  await app.register(submissionRoutes, routeContext)
  await app.register(changesRoutes, {
    ...routeContext,
    streams: { max: config.MAX_STREAMS, maxPerClient: config.MAX_STREAMS_PER_CLIENT },
  })
  await app.register(documentRoutes, {
    ...routeContext,
    limitBytes: config.DOCUMENT_LIMIT_BYTES,
    recognition: readRecognitionSettings(config),
  })
  await app.register(pageRoutes, routeContext)
  await app.register(registerRoutes, {
    ...routeContext,
    limitBytes: config.DOCUMENT_LIMIT_BYTES,
  })

  const siteSettings = {
    publicUrl: config.PUBLIC_URL?.replace(/\/$/, '') ?? null,
    robots: config.ROBOTS,
  }
  await app.register(pagesRoutes, {
    settings: siteSettings,
    db: database.db,
    documentLimitBytes: config.DOCUMENT_LIMIT_BYTES,
  })
  app.setNotFoundHandler(onNotFoundPage(siteSettings, onNotFound(app)))
  closeServerWithApp(app)
  if (metrics) addServerGauges(metrics, { ...dependencies, cache, countWaitingQueries })
  return app
}
