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
import { authorisation } from './access/authorise.ts'
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
import { readJsonBodies } from './http/bodies.ts'
import { takeTurns } from './http/concurrency-limit.ts'
import { conditionalRequests } from './http/conditional.ts'
import { docsPage, openApi } from './http/openapi.ts'
import {
  onClientError,
  onError,
  onNotFound,
  onUnreadableUrl,
  rememberRoutes,
} from './http/problems.ts'
import { FaultsOnly, logRequests, requestId } from './http/request-log.ts'
import { safetyHeaders } from './http/safety-headers.ts'
import { serviceRoutes } from './http/service-routes.ts'
import { shedLoad } from './http/shedding.ts'
import { refuseMalformedUrls } from './http/urls.ts'
import { documentRoutes } from './intake/documents/routes.ts'
import { proposalRoutes } from './intake/proposals/routes.ts'
import type { Head } from './ledger/head.ts'
import { articleRoutes } from './records/routes/article-routes.ts'
import { batchRoutes } from './records/routes/batch-routes.ts'
import { citationRoutes } from './records/routes/citation-routes.ts'
import { recordRoutes } from './records/routes/record-routes.ts'

const replaced = (): never => {
  throw new Error('The compilers are set before there is a route.')
}

export type AppParts = { config: Config; database: Database; head: Head; log: FastifyBaseLogger }

/** The whole server, not yet listening. Read it top to bottom: that is the order in which things meet a request. */
export async function buildApp({ config, database, head, log }: AppParts) {
  const app = Fastify({
    loggerInstance: log,
    logController: new FaultsOnly(),
    bodyLimit: config.BODY_LIMIT_BYTES,
    trustProxy: config.TRUST_PROXY,
    routerOptions: { maxParamLength: 200 },
    genReqId: requestId,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    // A busy machine takes long to load a part; a late start is better than none.
    pluginTimeout: 120_000,
    // A request without a body is at its end when it begins.
    http: { optimizeEmptyRequests: true },
    frameworkErrors: onUnreadableUrl,
    clientErrorHandler: onClientError,
    // Ours are set below; where none is named here, Fastify loads its own, a tenth of all that a start loads.
    schemaController: {
      compilersFactory: { buildValidator: replaced, buildSerializer: replaced },
    },
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(onError)
  rememberRoutes(app)
  logRequests(app)
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers({ ...safetyHeaders, 'X-Request-Id': request.id })
    done()
  })
  await app.register(cors, {
    origin: '*',
    strictPreflight: false,
    methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    exposedHeaders: ['ETag', 'Link', 'Location', 'Retry-After', 'X-Request-Id', 'X-Total-Count'],
    maxAge: 86_400,
  })
  await shedLoad(app, config.REQUESTS_AT_ONCE, log)
  refuseMalformedUrls(app)
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
  authorisation(app, database.db, config.ACCESS)
  readJsonBodies(app)
  conditionalRequests(app, {
    ...{ head, log, cacheBytes: config.CACHE_MB * 1_048_576 },
    isOpen: config.ACCESS === 'public',
  })
  takeTurns(app, config.QUESTIONS_AT_ONCE)
  await openApi(app, config)
  await app.register(swaggerUi, docsPage)

  const context = { database, head, formats: entryFormats, publicUrl: config.PUBLIC_URL }
  await app.register(serviceRoutes, { database, head })
  const all: FastifyPluginAsyncZod<typeof context>[] = [
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
  for (const routes of all) await app.register(routes, context)
  await app.register(proposalRoutes, context)
  await app.register(documentRoutes, { ...context, limitBytes: config.DOCUMENT_LIMIT_BYTES })

  app.setNotFoundHandler(onNotFound(app))
  return app
}
