import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { Problem } from '../../problem.ts'
import { measureTransitions, nextMeasureState } from '../kinds/measures/rules.ts'
import { nextPermitState, permitTransitions } from '../kinds/permits/rules.ts'
import { buildEffectsSource } from '../model/sql-json.ts'

type LifecycleStep = {
  slug: string
  becomes: string
  event: string
  eventId: string
  position: number
}

/**
 * Checks the effects of events on permits and measures, in their order. Call it at the end of every write that changed an
 * effect, or the date of an event with effects. `pointers` has the JSON pointers of the records of this write.
 *
 * @throws {Problem} impossible-transition, with the state and the effects that are possible in it
 */
export async function checkLifecycles(
  db: Db,
  targets: { permits: readonly string[]; measures: readonly string[] },
  pointers: ReadonlyMap<string, string>,
): Promise<void> {
  for (const id of new Set(targets.permits)) {
    const steps = await loadLifecycleSteps(db, 'permit', id)
    checkTransitions('permit', steps, permitTransitions, nextPermitState, pointers)
  }
  for (const id of new Set(targets.measures)) {
    const steps = await loadLifecycleSteps(db, 'measure', id)
    checkTransitions('measure', steps, measureTransitions, nextMeasureState, pointers)
  }
}

/**
 * Same as `checkLifecycles`, for a permit whose effects are given in their order.
 *
 * @throws {Problem} impossible-transition
 */
export function checkPermitLifecycle(
  slug: string,
  effects: readonly Omit<LifecycleStep, 'slug'>[],
): void {
  const steps = effects.map((effect) => ({ ...effect, slug }))
  checkTransitions('permit', steps, permitTransitions, nextPermitState, new Map())
}

async function loadLifecycleSteps(
  db: Db,
  target: 'permit' | 'measure',
  id: string,
): Promise<LifecycleStep[]> {
  const { from, order } = buildEffectsSource(target)
  const table = sql.table(target)
  const { rows } = await sql<LifecycleStep>`
    SELECT (SELECT slug FROM record WHERE id = ${table}.id) AS slug,
      steps.becomes, steps.event, steps."eventId", steps.position
    FROM ${table},
      LATERAL (
        SELECT event_effect.becomes, event.id AS "eventId", event_effect.position,
          (SELECT slug FROM record WHERE id = event.id) AS event,
          row_number() OVER (ORDER BY ${order}) AS step
        FROM ${from}
      ) AS steps
    WHERE ${table}.id = ${id}
    ORDER BY steps.step`.execute(db)
  return rows
}

function checkTransitions<State extends string, Becomes extends string>(
  target: 'permit' | 'measure',
  steps: readonly LifecycleStep[],
  transitions: Readonly<Record<State, readonly Becomes[]>>,
  nextState: (state: State, effect: Becomes) => State,
  pointers: ReadonlyMap<string, string>,
): void {
  let state = 'none' as State
  for (const { slug, becomes: effect, event, eventId, position } of steps) {
    const possible = transitions[state]
    const next = possible.find((word) => word === effect)
    if (next === undefined) {
      const currentState = state === 'none' ? 'nothing yet' : state
      const possibleStates = possible.length === 0 ? 'nothing more' : possible.join(', ')
      const change = `The event ${event} makes the ${target} ${slug} ${effect}`
      const [first] = steps
      const isIssueAfterChange =
        effect === 'issued' && first?.becomes !== 'issued' && first?.becomes !== 'refused'
      const detail = isIssueAfterChange
        ? `The event ${event} issues the ${target} ${slug}, but the event ${first?.event} changed it before.`
        : `${change}, but by then it is ${currentState}, from where it can become: ${possibleStates}.`
      // The event can be an older one that an event of this write now precedes.
      const written = pointers.has(eventId)
        ? { eventId, position }
        : steps.find((step) => pointers.has(step.eventId))
      const pointer =
        written && `${pointers.get(written.eventId)}/effects/${written.position}/becomes`
      throw new Problem(
        'impossible-transition',
        detail,
        pointer === undefined ? {} : { errors: [{ pointer, detail }] },
      )
    }
    state = nextState(state, next)
  }
}
