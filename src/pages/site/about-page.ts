import { ApiProblem, type PageDefinition } from '../page-definition.ts'
import { formatInstant } from '../parts/dates.ts'
import { html } from '../parts/html.ts'
import type { FindingRule } from '../reading/finding-page.ts'
import { renderSection } from '../reading/record-page.ts'
import { texts } from '../texts.ts'

type LedgerHead = { revision: number; committedAt: string; hash: string }

export const aboutPage: PageDefinition = {
  path: '/about',
  apiPath: () => null,
  async render({ ask }) {
    const { data: rules } = await ask<{ data: FindingRule[] }>('/v1/findings/rules')
    const head = await ask<LedgerHead>('/v1/ledger/head').catch(toNullIfEmpty)
    return {
      title: texts.about.title,
      section: 'about',
      body: html`<h1>${texts.about.title}</h1>
${texts.about.purpose.map((paragraph) => html`<p>${paragraph}</p>`)}
<h2 id="rules">${texts.about.rulesTitle}</h2>
<p class="intro">${texts.about.rulesIntro}</p>
${rules.map(
  ({
    rule,
    title,
    definition,
    certain,
    possible,
    limits,
  }) => html`<section class="rule" aria-labelledby="rule-${rule}"><h3 id="rule-${rule}">${title}</h3>
<p>${definition}</p>
<dl class="fields"><div class="field"><dt>${texts.about.certain}</dt><dd>${certain}</dd></div>
<div class="field"><dt>${texts.about.possible}</dt><dd>${possible}</dd></div>
<div class="field"><dt>${texts.about.limits}</dt><dd><ul>${limits.map((limit) => html`<li>${limit}</li>`)}</ul></dd></div></dl></section>`,
)}
${renderSection(
  'ledger',
  texts.about.ledgerTitle,
  html`<p>${texts.about.ledgerIntro}</p>${
    head === null
      ? html`<p>${texts.about.noLedger}</p>`
      : html`<dl class="fields"><div class="field"><dt>${texts.about.revision}</dt><dd>${head.revision}</dd></div>
<div class="field"><dt>${texts.about.written}</dt><dd>${formatInstant(head.committedAt)}</dd></div>
<div class="field"><dt>${texts.about.hash}</dt><dd><code class="hash">${head.hash}</code></dd></div></dl>`
  }`,
)}`,
    }
  },
}

/** Before the first write there is no head. */
function toNullIfEmpty(error: unknown): null {
  if (error instanceof ApiProblem && error.body.status === 404) return null
  throw error
}
