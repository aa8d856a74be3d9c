import { PrismaPg } from '@prisma/adapter-pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { scopes } from '../../src/access/keys.ts'
import { RecordChange } from '../../src/answers/changes/schema.ts'
import { Prisma, PrismaClient } from '../../src/generated/prisma/client.ts'
import { ReviewDecision } from '../../src/intake/proposals/schema.ts'
import { ActorType } from '../../src/records/kinds/actors/schema.ts'
import { AffiliationType } from '../../src/records/kinds/affiliations/schema.ts'
import { ArticleType, MetadataName, SpanType } from '../../src/records/kinds/articles/schema.ts'
import { EventType, ParticipantRole, VictimOutcome } from '../../src/records/kinds/events/schema.ts'
import { FigureMeasure } from '../../src/records/kinds/figures/schema.ts'
import { LegalForm, MeasureBecomes, ScopeEffect } from '../../src/records/kinds/measures/schema.ts'
import {
  PermitBecomes,
  PermitPartyRole,
  PermitStatus,
  PermitType,
} from '../../src/records/kinds/permits/schema.ts'
import { Kind, RecordCitation } from '../../src/records/model/schema.ts'
import { useApp } from '../harness/app.ts'

const t = useApp()

/** Rows of a query on the migrated database. */
const rowsOf = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await t.database.pool.query<Row>(text, values)).rows

const wordsOf = (words: z.ZodEnum): readonly string[] => words.options.map(String)

describe('the migrations create the tables of schema.prisma', () => {
  let prisma: PrismaClient
  beforeAll(() => {
    prisma = new PrismaClient({ adapter: new PrismaPg(t.url) })
  })
  afterAll(() => prisma.$disconnect())

  test.each(Object.values(Prisma.ModelName))('%s can be read', async (model) => {
    const name = `${model.charAt(0).toLowerCase()}${model.slice(1)}`
    const models = prisma as unknown as Record<string, { findFirst(): Promise<unknown> }>
    expect(models[name]).toBeDefined()
    await models[name]?.findFirst()
  })
})

describe('each CHECK allows exactly the words of the API', () => {
  const becomes = [...PermitBecomes.options, ...MeasureBecomes.options]
  const lists: [constraint: string, words: readonly string[]][] = [
    ['record_kind_check', wordsOf(Kind)],
    ['actor_type_check', wordsOf(ActorType)],
    ['measure_legal_form_check', wordsOf(LegalForm)],
    ['measure_scope_effect_check', wordsOf(ScopeEffect)],
    ['figure_measure_check', wordsOf(FigureMeasure)],
    ['permit_status_check', wordsOf(PermitStatus)],
    ['permit_type_check', wordsOf(PermitType)],
    ['permit_party_role_check', wordsOf(PermitPartyRole)],
    ['event_type_check', wordsOf(EventType)],
    ['event_participant_role_check', wordsOf(ParticipantRole)],
    ['event_effect_becomes_check', becomes],
    ['event_victim_outcome_check', wordsOf(VictimOutcome)],
    ['affiliation_type_check', wordsOf(AffiliationType)],
    ['article_span_type_check', wordsOf(SpanType)],
    ['article_type_check', wordsOf(ArticleType)],
    ['article_metadata_name_check', wordsOf(MetadataName)],
    ['proposal_review_decision_check', wordsOf(ReviewDecision)],
    ['citation_state_check', wordsOf(RecordCitation.shape.state)],
    ['citation_source_check', wordsOf(RecordCitation.shape.source)],
    ['access_key_scope_check', [...scopes]],
    ['ledger_document_change_check', wordsOf(RecordChange.shape.action)],
    // Never on the wire by these names: a record that is not live answers 410 or 308.
    ['record_state_check', ['live', 'retracted', 'merged']],
  ]

  test.each(lists)('%s', async (constraint, words) => {
    const [row] = await rowsOf<{ definition: string }>(
      'SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conname = $1',
      [constraint],
    )
    const allowed = [...(row?.definition ?? '').matchAll(/'([^']+)'::text/g)].map(
      ([, word]) => word,
    )
    expect(allowed).toEqual(words)
  })

  test('no other CHECK has a list of words', async () => {
    const found = await rowsOf<{ name: string }>(
      `SELECT conname AS name FROM pg_constraint
        WHERE contype = 'c' AND connamespace = 'public'::regnamespace
          -- Which bounds an amount excludes: every range has the same list.
          AND pg_get_constraintdef(oid) !~ '_excludes'
          -- Their lists are parts of the lists of kinds and of measures of figures.
          AND conname NOT IN ('submitted_draft_kind_check', 'figure_amount_check')
          AND pg_get_constraintdef(oid) ~ '= ANY|^CHECK \\(\\(\\w+ = ''[\\w-]+''::text\\)\\)$'`,
    )
    expect(found.map(({ name }) => name).sort()).toEqual(lists.map(([name]) => name).sort())
  })
})

test('every foreign key has an index that begins with its column', async () => {
  const without = await rowsOf<{ name: string }>(
    `SELECT foreign_key.conname AS name FROM pg_constraint AS foreign_key
      WHERE foreign_key.contype = 'f' AND NOT EXISTS (
        SELECT FROM pg_index
         WHERE indrelid = foreign_key.conrelid AND indkey[0] = foreign_key.conkey[1] AND indpred IS NULL)
      ORDER BY name`,
  )
  // Revisions are never changed nor deleted, and the ledger knows which records belong to one.
  expect(without.map(({ name }) => name)).toEqual(['record_revision_fkey'])
})
