import compress from '@fastify/compress'
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
import { changesRoutes } from './answers/changes/routes.ts'
import { coverageRoutes } from './answers/coverage/routes.ts'
import { findingRoutes } from './answers/findings/routes.ts'
import { networkRoutes } from './answers/network/routes.ts'
import { reconcileRoutes } from './answers/reconcile/routes.ts'
import { searchRoutes } from './answers/search/routes.ts'
import { timelineRoutes } from './answers/timeline/routes.ts'
import type { Config } from './config.ts'
import type { Database } from './database/database.ts'
import { bundleRoutes } from './exchange/bundle/routes.ts'
import { caseExportRoutes } from './exchange/case-export/routes.ts'
import { entryFormats } from './exchange/entry-formats.ts'
import { linkedDataRoutes } from './exchange/linked-data/routes.ts'
import { registerConcurrencyLimit } from './http/concurrency-limit.ts'
import { registerConditionalRequests } from './http/conditional-requests.ts'
import { registerJsonBodyParser } from './http/json-body-parser.ts'
import { registerLoadShedding } from './http/load-shedding.ts'
import { registerOpenApi, swaggerUiOptions } from './http/openapi.ts'
import {
  collectRoutes,
  onClientError,
  onError,
  onMalformedUrl,
  onNotFound,
} from './http/problems.ts'
import { getRequestId, registerRequestLog, StreamErrorLogController } from './http/request-log.ts'
import { securityHeaders } from './http/security-headers.ts'
import { serviceRoutes } from './http/service-routes.ts'
import { rejectMalformedUrls } from './http/url-validation.ts'
import { documentRoutes } from './intake/documents/routes.ts'
import { proposalRoutes } from './intake/proposals/routes.ts'
import { loadLedgerKey } from './ledger/head-signature.ts'
import type { HeadTracker } from './ledger/head-tracker.ts'
import { articleRoutes } from './records/routes/article-routes.ts'
import { batchRoutes } from './records/routes/batch-routes.ts'
import { citationRoutes } from './records/routes/citation-routes.ts'
import { recordRoutes } from './records/routes/record-routes.ts'

const rejectCompiler = (): never => {
  throw new Error('The compilers are set before there is a route.')
}

export type AppDependencies = {
  config: Config
  database: Database
  head: HeadTracker
  log: FastifyBaseLogger
}

/** The whole server, not yet listening. Read it top to bottom: that is the order in which things meet a request. */
export async function buildApp({ config, database, head, log }: AppDependencies) {
  const app = Fastify({
    loggerInstance: log,
    logController: new StreamErrorLogController(),
    bodyLimit: config.BODY_LIMIT_BYTES,
    trustProxy: config.TRUST_PROXY,
    routerOptions: { maxParamLength: 200 },
    genReqId: getRequestId,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    // A busy machine takes long to load a part; a late start is better than none.
    pluginTimeout: 120_000,
    // A request without a body is at its end when it begins.
    http: { optimizeEmptyRequests: true },
    frameworkErrors: onMalformedUrl,
    clientErrorHandler: onClientError,
    // Ours are set below; where none is named here, Fastify loads its own, a tenth of all that a start loads.
    schemaController: {
      compilersFactory: { buildValidator: rejectCompiler, buildSerializer: rejectCompiler },
    },
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(onError)
  collectRoutes(app)
  registerRequestLog(app)
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
  await registerLoadShedding(app, config.MAX_CONCURRENT_REQUESTS, log)
  rejectMalformedUrls(app)
  if (config.RATE_LIMIT_PER_MINUTE > 0)
    await app.register(rateLimit, {
      max: config.RATE_LIMIT_PER_MINUTE,
      timeWindow: '1 minute',
      enableDraftSpec: true,
      allowList: (request) => /^\/(healthz|readyz)$/.test(request.url),
    })
  await app.register(compress, {
    threshold: 1_024,
    encodings: ['br', 'gzip', 'deflate'],
    customTypes: /^text\/(?!event-stream)|json(;|$)|xml(;|$)/,
  })
  registerAuthorisation(app, database.db, config.ACCESS)
  registerJsonBodyParser(app)
  registerConditionalRequests(app, {
    head,
    log,
    cacheBytes: config.CACHE_MB * 1_048_576,
    isPublic: config.ACCESS === 'public',
  })
  registerConcurrencyLimit(app, config.MAX_CONCURRENT_QUERIES)
  await registerOpenApi(app, config)
  await app.register(swaggerUi, swaggerUiOptions)

  const routeContext = {
    database,
    head,
    formats: entryFormats,
    publicUrl: config.PUBLIC_URL,
    ledgerKey: loadLedgerKey(config),
  }
  await app.register(serviceRoutes, { database, head })
  const routePlugins: FastifyPluginAsyncZod<typeof routeContext>[] = [
    recordRoutes,
    articleRoutes,
    citationRoutes,
    coverageRoutes,
    batchRoutes,
    changesRoutes,
    caseFileRoutes,
    timelineRoutes,
    findingRoutes,
    searchRoutes,
    networkRoutes,
    caseExportRoutes,
    linkedDataRoutes,
    bundleRoutes,
    reconcileRoutes,
  ]
  for (const routes of routePlugins) await app.register(routes, routeContext)
  await app.register(proposalRoutes, routeContext)
  await app.register(documentRoutes, { ...routeContext, limitBytes: config.DOCUMENT_LIMIT_BYTES })

  app.setNotFoundHandler(onNotFound(app))
  return app
}
