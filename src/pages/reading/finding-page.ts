import { renderEmbedCode } from '../embeds/embed-pages.ts'
import { encode, type PageDefinition } from '../page-definition.ts'
import { groupByPassage, renderPassages } from '../parts/citations.ts'
import { renderDate } from '../parts/dates.ts'
import { type Html, html } from '../parts/html.ts'
import { getKindName } from '../parts/records.ts'
import { isPresent, renderLink, renderValue } from '../parts/values.ts'
import { type Finding, renderCertainty } from '../statements/findings.ts'
import { capitalise, nameField, nameWord, texts } from '../texts.ts'
import { oembedOf } from './citation-page.ts'
import { renderSection } from './record-page.ts'

export type FindingRule = {
  rule: string
  title: string
  definition: string
  certain: string
  possible: string
  limits: string[]
}

const knownMembers = /^(id|rule|certainty|sentence|reason|exceptionRelied|records)$/

export const findingPage: PageDefinition = {
  path: '/findings/:id',
  apiPath: ({ id }) => `/v1/findings/${encode(id)}`,
  async render({ ask, params, settings }) {
    const path = `/v1/findings/${encode(params.id)}`
    const [finding, { data: rules }] = await Promise.all([
      ask<Finding>(path),
      ask<{ data: FindingRule[] }>('/v1/findings/rules'),
    ])
    const rule = rules.find((one) => one.rule === finding.rule)
    const pagePath = `/findings/${finding.id}`
    return {
      title: finding.sentence,
      description: `${texts.certainty[finding.certainty] ?? ''}: ${finding.reason}`,
      canonical: pagePath,
      scripts: ['enhance'],
      structuredData: buildClaimReview(finding, settings.publicUrl),
      alternates: [
        { type: 'application/json', href: path, title: 'JSON' },
        oembedOf(settings.publicUrl, pagePath),
      ],
      body: html`<article>
<p class="kicker">${texts.finding.kicker}${rule && ` · ${rule.title}`}</p>
<h1 class="sentence">${finding.sentence}</h1>
<p class="finding-reason">${renderCertainty(finding.certainty)} ${finding.reason}</p>
${renderMore(finding)}
<h2 id="records">${texts.finding.records}</h2>
${renderSides(finding)}
${rule ? renderRule(rule) : null}
${renderEmbedCode(settings.publicUrl, 'finding', finding.id, texts.finding.kicker)}
</article>`,
    }
  },
}

/** Members that the API has beside those of the page. */
function renderMore({ exceptionRelied, ...finding }: Finding): Html | null {
  const more = Object.entries(finding).filter(
    ([name, value]) => !knownMembers.test(name) && isPresent(value),
  )
  if (exceptionRelied === null && more.length === 0) return null
  return html`<dl class="fields">${
    exceptionRelied === null
      ? null
      : html`<div class="field"><dt>${texts.finding.exception}</dt><dd>${exceptionRelied}</dd></div>`
  }${more.map(([name, value]) => html`<div class="field"><dt>${nameField(name)}</dt><dd>${renderValue(value, name)}</dd></div>`)}</dl>`
}

/** The passages of all sides are numbered together, because the ids of their anchors must differ. */
function renderSides({ records }: Finding): Html {
  let numbered = 0
  return html`${records.map(({ role, kind, record, on, citations }) => {
    const passages = groupByPassage(citations).map((passage) => ({
      ...passage,
      number: passage.number + numbered,
    }))
    numbered += passages.length
    return html`<section class="side"><h3>${capitalise(nameWord(role))}: ${renderLink(record)}</h3>
<p class="details">${getKindName(kind)}${on ? html` · ${renderDate(on)}` : null}</p>
${renderPassages(passages)}</section>`
  })}`
}

const renderRule = ({ definition, certain, possible, limits }: FindingRule): Html =>
  html`${renderSection(
    'limits',
    texts.finding.limits,
    html`<ul>${limits.map((limit) => html`<li>${limit}</li>`)}</ul>`,
  )}
${renderSection(
  'rule',
  texts.finding.rule,
  html`<p>${definition}</p><dl class="fields"><div class="field"><dt>${texts.about.certain}</dt><dd>${certain}</dd></div><div class="field"><dt>${texts.about.possible}</dt><dd>${possible}</dd></div></dl>`,
)}`

/** schema.org ClaimReview: only a contradicted assurance reviews what somebody claimed. */
function buildClaimReview(finding: Finding, publicUrl: string | null): object | undefined {
  if (finding.rule !== 'assurance-contradicted') return undefined
  const assurance = finding.records.find(({ role }) => role === 'assurance')
  if (assurance === undefined) return undefined
  const [speaker] = assurance.citations.flatMap(({ voices }) => voices)
  return {
    '@context': 'https://schema.org',
    '@type': 'ClaimReview',
    url: `${publicUrl ?? ''}/findings/${finding.id}`,
    claimReviewed: assurance.citations[0]?.quote ?? assurance.record.name,
    itemReviewed: {
      '@type': 'Claim',
      name: assurance.record.name,
      ...(speaker && {
        author: { '@type': 'Organization', name: speaker.actor?.name ?? speaker.document },
      }),
      appearance: assurance.citations.map(({ article }) => ({
        '@type': 'CreativeWork',
        name: article.name,
      })),
    },
    author: { '@type': 'Organization', name: texts.site },
    reviewBody: `${finding.sentence} ${finding.reason}`,
    reviewRating: {
      '@type': 'Rating',
      alternateName: texts.claimRating[finding.certainty] ?? finding.certainty,
    },
  }
}
