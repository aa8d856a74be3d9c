import type { CitationInput } from '../../../../records/model/schema.ts'
import type { MeasureForm } from '../../reading/detection.ts'
import { createDraft } from '../draft.ts'
import { type DraftContext, referTo } from '../draft-context.ts'
import type { EffectDraft } from './effect.ts'
import { citeMain, type EventBasis, findParticipant, listEventNeeds } from './event-basis.ts'
import { createEventSlug } from './slugs.ts'
import { formatTitle } from './titles.ts'

/** The measure that an event imposes. Null for other events, and where imposer or target is not known. */
export function draftMeasure(basis: EventBasis, context: DraftContext): EffectDraft | null {
  const { main, date, identities, passages } = basis
  const { type, becomes, form } = main
  if (type !== 'measure-decision' || becomes !== 'imposed' || !form) return null
  const imposer = findParticipant(basis, 'imposer')
  const target = findParticipant(basis, 'target')
  if (!imposer || !target) return null
  const slug = createEventSlug(`${imposer.name} ${form} ${target.name}`, date)
  const titles: Record<MeasureForm, string> = {
    embargo: `Arms embargo of ${imposer.name} on ${target.name}`,
    suspension: `Suspension of arms exports from ${imposer.name} to ${target.name}`,
    'presumptive-denial': `No export permits of ${imposer.name} for ${target.name}`,
  }
  const scope = findScope(basis, context)
  const draft = createDraft({
    kind: 'measure',
    identities: identities.map((identity) => `measure|${identity}`),
    record: {
      slug,
      title: formatTitle(titles[form]),
      imposer: referTo(imposer),
      target: referTo(target),
      legalForm: form,
      scope,
      exceptions: null,
      reason: null,
      citations: citeMeasure(basis, scope !== null, context),
    },
    passages,
    score: main.score,
    reasons: main.reasons,
    needs: listEventNeeds(basis, [], context),
  })
  return { draft, effects: [{ measure: slug, becomes: 'imposed' }], about: [], needs: [] }
}

function citeMeasure(basis: EventBasis, hasScope: boolean, context: DraftContext): CitationInput[] {
  const fields = ['title', 'imposer', 'target', 'legalForm', ...(hasScope ? ['scope'] : [])]
  return fields.map((field) => citeMain(basis, field, context))
}

/** What may not be exported, in the words of the text between the verb and the target: `the export of drone engines`. */
function findScope({ main }: EventBasis, { article }: DraftContext): string | null {
  const target = main.participants.find(({ role }) => role === 'target')
  const from = main.triggerStart + main.trigger.length
  if (!target || target.start <= from) return null
  const words = article.body
    .slice(from, target.start)
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/ (to|on|against|for|with|from)( the)?$/, '')
  return /\b(exports?|sales?|deliver(y|ies)|transfers?|shipments?|arms|weapons?)\b/i.test(words)
    ? words
    : null
}
