import { readConfig } from '../../src/config.ts'
import { describeApi } from '../../src/serve.ts'

type Operation = { responses: Record<string, unknown>; summary?: string }
export type Described = { method: string; path: string; statuses: number[] }

/** Every route as the OpenAPI document describes it, known before any test runs. */
export async function describedRoutes(): Promise<Described[]> {
  const document = await describeApi(readConfig({}))
  const { paths } = document as { paths: Record<string, Record<string, Operation>> }
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { responses }]) => ({
      ...{ method: method.toUpperCase(), path },
      statuses: Object.keys(responses).map(Number),
    })),
  )
}
