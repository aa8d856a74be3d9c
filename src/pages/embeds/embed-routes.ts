import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { getBaseUrl } from '../../http/response-stream.ts'
import { Problem } from '../../problem.ts'
import type { SiteSettings } from '../layout/page.ts'
import { contentSecurityPolicy, createAsk, sendErrorPage } from '../page-routes.ts'
import { texts } from '../texts.ts'
import { buildIframe, embedKinds, renderEmbed } from './embed-pages.ts'

const embedOptions = { config: { isPage: true }, schema: { hide: true } }

/** Parts of pages for an iframe on any site, and oEmbed for sites that make the iframe themselves. */
export const embedRoutes: FastifyPluginAsyncZod<{ settings: SiteSettings }> = async (
  app,
  { settings },
) => {
  app.setErrorHandler((error, request, reply) => sendErrorPage(error, request, reply, settings))

  app.get('/embed/:kind/:ref', embedOptions, async (request, reply) => {
    const { kind, ref } = request.params as { kind: string; ref: string }
    const { theme, ...query } = request.query as Record<string, string | undefined>
    const definition = embedKinds[kind]
    if (definition === undefined)
      throw new Problem('not-found', `Embeds are ${Object.keys(embedKinds).join(', ')}.`)
    const embed = await definition.load(createAsk(app, request), ref, query)
    const base = getBaseUrl(request, settings.publicUrl ?? undefined)
    const policy = contentSecurityPolicy('*').replace("base-uri 'none'", "base-uri 'self'")
    return reply
      .type('text/html; charset=utf-8')
      .header('Content-Security-Policy', policy)
      .removeHeader('X-Frame-Options')
      .send(renderEmbed(embed, base, theme))
  })

  app.get('/oembed', embedOptions, async (request, reply) => {
    const {
      url = '',
      format = 'json',
      maxwidth,
      maxheight,
    } = request.query as Record<string, string>
    if (format !== 'json') return reply.code(501).send()
    const base = getBaseUrl(request, settings.publicUrl ?? undefined)
    const path = URL.parse(url, base)?.pathname ?? ''
    for (const [kind, { page, load }] of Object.entries(embedKinds)) {
      const [, ref] = page?.exec(path) ?? []
      if (ref === undefined) continue
      const embed = await load(createAsk(app, request), ref, {})
      return {
        version: '1.0',
        type: 'rich',
        title: embed.title,
        provider_name: texts.site,
        provider_url: base,
        width: Math.min(640, Number(maxwidth) || 640),
        height: Math.min(embed.height, Number(maxheight) || embed.height),
        html: buildIframe(base, kind, ref, embed),
      }
    }
    throw new Problem('not-found', 'Only passages, findings and cases can be embedded.')
  })
}
