import type { Post } from '../reading/detection.ts'
import { createCitation } from './citations.ts'
import { createDraft, type Draft } from './draft.ts'
import { createSlug, type DraftContext, listNeeds, referTo } from './draft-context.ts'

const score = 0.7

/** Drafts of the posts whose organisation the text names. */
export function draftAffiliations(context: DraftContext): Draft[] {
  return context.detection.posts.flatMap((post) => draftAffiliation(post, context) ?? [])
}

function draftAffiliation(post: Post, context: DraftContext): Draft | null {
  const { person, role, organisation, start, end } = post
  if (!organisation) return null
  return createDraft({
    kind: 'affiliation',
    identities: [`affiliation|${person.key}|${role.toLowerCase()}|${organisation.key}`],
    record: {
      slug: createSlug(`${person.name} ${role}`),
      actor: referTo(person),
      organisation: referTo(organisation),
      role,
      during: null,
      citations: ['actor', 'organisation', 'role'].map((field) =>
        createCitation(context.article, post, field),
      ),
    },
    passages: [{ start, end }],
    score,
    reasons: [`the text gives ${person.name} this post`],
    needs: listNeeds([person, organisation], context),
  })
}
