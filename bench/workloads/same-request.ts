import type { SampleSource, Workload } from './workload.ts'

const pickPermitPath = async ({ sql }: SampleSource): Promise<string> => {
  const [row] = await sql<{ slug: string }>(
    `SELECT slug FROM record WHERE kind = 'permit' ORDER BY md5(slug) LIMIT 1`,
  )
  return `/v1/permits/${row?.slug}`
}

export const cached: Workload = {
  name: 'cached',
  what: 'the same permit again and again',
  goal: 0.85,
  requests: async (samples) => [{ path: await pickPermitPath(samples) }],
  yardstick: 'constant',
}

export const conditional: Workload = {
  name: 'conditional',
  what: 'the same permit with If-None-Match, unchanged',
  goal: 0.85,
  status: 304,
  async requests(samples) {
    const path = await pickPermitPath(samples)
    const { etag } = await samples.get(path)
    if (etag === null) throw new Error(`${path} has no ETag.`)
    return [{ path, headers: { 'If-None-Match': etag } }]
  },
  yardstick: 'constant',
}
