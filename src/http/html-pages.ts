import { problems } from '../problem.ts'
import { escapeHtml } from './escape-html.ts'
import { apiVersion } from './openapi.ts'

/** The HTML pages for people. They use no scripts and no external resources. */

/** Escapes text and shows `words` in backticks as code. */
const renderProse = (text: string): string =>
  escapeHtml(text).replaceAll(/`([^`]+)`/g, (_match, code) => `<code>${code}</code>`)

const renderPage = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
:root { color-scheme: light dark }
body { font: 1.05rem/1.55 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1.25rem }
h1 { font-size: 1.6rem; line-height: 1.25 } h2 { font-size: 1.15rem; margin-top: 2rem }
code { font-size: .92em } a { color: light-dark(#0b57a4, #8ec5ff) }
dt { font-weight: 600; margin-top: .8rem } dd { margin-left: 0 }
blockquote { border-left: 3px solid #b58a00; margin-left: 0; padding-left: 1rem }
</style>
</head>
<body>
${body}
</body>
</html>
`

export type StartPage = {
  name: string
  version: string
  description: string
  links: { href: string; description: string }[]
}

/** Links to the routes: JSON for programs, a page for people. */
export const startPage: StartPage = {
  name: 'Casefile',
  version: apiVersion,
  description:
    'What source documents say about arms exports, every fact tied to the exact passage that says it.',
  links: [
    { href: '/docs', description: 'Documentation of every route, to read and to try' },
    { href: '/openapi.json', description: 'OpenAPI 3.1 description of the routes' },
    { href: '/v1/cases', description: 'Cases: sets of articles under one heading' },
    { href: '/v1/articles', description: 'Articles: the source documents' },
    { href: '/v1/actors', description: 'Actors: states, companies, persons, public bodies' },
    { href: '/v1/figures', description: 'Figures: totals that sources state' },
    { href: '/v1/affiliations', description: 'Affiliations: who held which post' },
    { href: '/v1/goods', description: 'Goods, and the families that they belong to' },
    { href: '/v1/permits', description: 'Permits: export authorisations' },
    { href: '/v1/measures', description: 'Measures: embargoes, suspensions' },
    { href: '/v1/events', description: 'Events: what happened, in order' },
    { href: '/v1/timeline', description: 'Events in the order that the evidence allows' },
    { href: '/v1/citations', description: 'Citations: the passages behind the facts' },
    { href: '/v1/search?q=export', description: 'Full-text search over records and articles' },
    { href: '/v1/findings', description: 'Findings: what follows from several records together' },
    { href: '/v1/findings/rules', description: 'The rules that make findings, and their limits' },
    { href: '/reconcile', description: 'Names matched to records, for OpenRefine' },
    { href: '/v1/changes', description: 'Changes since a revision' },
    { href: '/v1/ledger/head', description: 'The newest revision and its hash, to publish' },
    { href: '/v1/ledger', description: 'The complete ledger, to recompute its hashes' },
    { href: '/context.jsonld', description: 'JSON-LD context of the JSON' },
    { href: '/bundle.schema.json', description: 'JSON Schema of a bundle, an exported case' },
    { href: '/problems', description: 'All error codes, and what to do about each' },
    { href: '/healthz', description: 'Whether the process runs' },
    { href: '/readyz', description: 'Whether the database answers' },
  ],
}

const exampleQuestions = [
  ['Which permits were issued for Turkey?', '/v1/permits?destination=turkey'],
  ['What happened, and what is certain of the order?', '/v1/timeline'],
  ['Who said what about Baykar?', '/v1/citations?record=actor/baykar'],
  ['Everything that rests on Kelsey Gallagher’s word', '/v1/citations?voice=kelsey-gallagher'],
  ['Which permits were issued under an embargo?', '/v1/findings?rule=permit-under-measure'],
  ['Who is connected with Baykar, and by which records?', '/v1/network?actor=baykar'],
  ['How is Canada connected with Azerbaijan?', '/v1/network/paths?from=canada&to=azerbaijan'],
  ['Where do the words “targeting system” stand?', '/v1/search?q=%22targeting+system%22'],
  ['What happened, as a table for a spreadsheet', '/v1/events?format=csv'],
] as const

export const renderStartPage = (): string => {
  const linkItems = startPage.links.map(
    ({ href, description }) =>
      `<dt><a href="${href}"><code>${href}</code></a></dt><dd>${escapeHtml(description)}</dd>`,
  )
  const questionItems = exampleQuestions.map(
    ([question, href]) =>
      `<li>${escapeHtml(question)}<br><a href="${escapeHtml(href)}"><code>${escapeHtml(href)}</code></a></li>`,
  )
  return renderPage(
    'Casefile',
    `<h1>Casefile</h1>
<p>${escapeHtml(startPage.description)} A program that asks for <code>application/json</code> here gets these links as JSON.</p>
<h2>Questions to begin with</h2>
<ul>${questionItems.join('\n')}</ul>
<h2>What is here</h2>
<dl>${linkItems.join('\n')}</dl>
<p>Version ${escapeHtml(apiVersion)}</p>`,
  )
}

export const renderProblemsPage = (): string =>
  renderPage(
    'Problems',
    `<h1>Problems</h1>
<p>Every error answer is a problem document (RFC 9457); its <code>type</code> is one of these paths.</p>
<dl>${Object.entries(problems)
      .map(
        ([code, { status, title }]) =>
          `<dt><a href="/problems/${code}"><code>${code}</code></a> (${status})</dt><dd>${escapeHtml(title)}</dd>`,
      )
      .join('\n')}</dl>`,
  )

export const renderProblemPage = (code: keyof typeof problems): string => {
  const { status, title, explanation } = problems[code]
  return renderPage(
    title,
    `<p><a href="/problems">Problems</a></p>
<h1>${escapeHtml(title)}</h1>
<p><code>${code}</code>, status ${status}</p>
<p>${renderProse(explanation)}</p>`,
  )
}
