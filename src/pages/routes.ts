import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Db } from '../database/database.ts'
import { kinds } from '../records/kinds/all-kinds.ts'
import { embedRoutes } from './embeds/embed-routes.ts'
import { assetFiles } from './layout/assets.ts'
import type { SiteSettings } from './layout/page.ts'
import type { Ask, PageDefinition } from './page-definition.ts'
import { createAsk, pageRoutes, sendErrorPage } from './page-routes.ts'
import { articlePage } from './reading/article-page.ts'
import { citationPage } from './reading/citation-page.ts'
import { dossierPage } from './reading/dossier-page.ts'
import { findingPage } from './reading/finding-page.ts'
import { findingsPage, listPage } from './reading/list-page.ts'
import { recordPage } from './reading/record-page.ts'
import { startPage } from './reading/start-page.ts'
import { reviewRoutes } from './review/review-routes.ts'
import { servicePageRoutes } from './service-page-routes.ts'
import { signInRoutes } from './sign-in-routes.ts'
import { aboutPage } from './site/about-page.ts'
import { renderChangesFeed } from './site/changes-feed.ts'
import { changesPage, historyPage } from './site/changes-page.ts'
import { searchPage } from './site/search-page.ts'

/** The plural of each kind, as in its paths. */
const plurals = new Map(Object.values(kinds).map(({ kind, plural }) => [kind, plural]))

const ownPages: Readonly<Record<string, PageDefinition>> = {
  case: dossierPage,
  article: articlePage,
}

const readingPages: readonly PageDefinition[] = [
  ...[...plurals].flatMap(([kind, plural]) => [
    listPage(kind, plural),
    ownPages[kind] ?? recordPage(kind, plural),
    historyPage(kind, plural),
  ]),
  citationPage,
  findingsPage,
  findingPage,
  searchPage,
  changesPage,
  aboutPage,
]

type Context = { settings: SiteSettings; db: Db; documentLimitBytes: number }

/** All HTML of the server, and the files that it loads. */
export const pagesRoutes: FastifyPluginAsyncZod<Context> = async (
  app,
  { settings, db, documentLimitBytes },
) => {
  await app.register(assetRoutes)
  await app.register(pageRoutes(readingPages), { settings })
  await app.register(recordHistoryRoute, { settings })
  await app.register(feedRoute, { settings })
  await app.register(signInRoutes, { settings, db })
  await app.register(embedRoutes, { settings })
  await app.register(reviewRoutes, { settings, limitBytes: documentLimitBytes })
  await app.register(servicePageRoutes, { settings, startPage: startPage(plurals) })
}

/** A URL of a file contains its hash, so it never changes. */
const assetRoutes: FastifyPluginAsyncZod = async (app) => {
  for (const { path, type, content } of assetFiles)
    app.get(path, { schema: { hide: true } }, async (_request, reply) =>
      reply
        .type(type)
        .header('Cache-Control', 'public, max-age=31536000, immutable')
        .send(content as never),
    )
}

/** The history of a record of which only the id is known. */
const recordHistoryRoute: FastifyPluginAsyncZod<{ settings: SiteSettings }> = async (
  app,
  { settings },
) => {
  app.setErrorHandler((error, request, reply) => sendErrorPage(error, request, reply, settings))
  const findPath = async (ask: Ask, id: string): Promise<string> => {
    const { href } = await ask<{ href: string }>(`/v1/records/${encodeURIComponent(id)}`)
    return href.replace(/^\/v1/, '')
  }
  const options = { config: { isPage: true }, schema: { hide: true } }
  app.get('/records/:ref/history', options, async (request, reply) => {
    const { ref } = request.params as { ref: string }
    return reply.redirect(`${await findPath(createAsk(app, request), ref)}/history`, 303)
  })
  app.get('/records/:ref', options, async (request, reply) => {
    const { ref } = request.params as { ref: string }
    return reply.redirect(await findPath(createAsk(app, request), ref), 303)
  })
}

const feedRoute: FastifyPluginAsyncZod<{ settings: SiteSettings }> = async (app, { settings }) => {
  app.setErrorHandler((error, request, reply) => sendErrorPage(error, request, reply, settings))
  app.get(
    '/changes.atom',
    { config: { hasRevisionEtag: true, isPage: true }, schema: { hide: true } },
    async (request, reply) => {
      const { case: caseRef } = request.query as { case?: string }
      const feed = await renderChangesFeed(createAsk(app, request), settings, caseRef)
      return reply.type('application/atom+xml; charset=utf-8').send(feed as never)
    },
  )
}
