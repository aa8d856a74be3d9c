import { createDraft } from '../draft.ts'
import { createSlug, type DraftContext, referTo } from '../draft-context.ts'
import { type EffectDraft, slugLengthMax } from './effect.ts'
import { citeMain, type EventBasis, findParticipant, listEventNeeds } from './event-basis.ts'

/** The measure that an event imposes. Null for other events, and where imposer or target is not known. */
export function draftMeasure(basis: EventBasis, context: DraftContext): EffectDraft | null {
  const { main, title, date, identities, passages } = basis
  const { type, becomes, form } = main.rule
  if (type !== 'measure-decision' || becomes !== 'imposed' || !form) return null
  const imposer = findParticipant(basis, 'imposer')
  const target = findParticipant(basis, 'target')
  if (!imposer || !target) return null
  const name = `${imposer.name} ${form} ${target.name} ${date?.edtf ?? ''}`
  const slug = createSlug(name).slice(0, slugLengthMax)
  const draft = createDraft({
    kind: 'measure',
    identities: identities.map((identity) => `measure|${identity}`),
    record: {
      slug,
      title,
      imposer: referTo(imposer),
      target: referTo(target),
      legalForm: form,
      scope: null,
      exceptions: null,
      reason: null,
      citations: ['title', 'imposer', 'target', 'legalForm'].map((field) =>
        citeMain(basis, field, context),
      ),
    },
    passages,
    score: main.score,
    reasons: main.reasons,
    needs: listEventNeeds(basis, [], context),
  })
  return { draft, effect: { measure: slug, becomes: 'imposed' } }
}
