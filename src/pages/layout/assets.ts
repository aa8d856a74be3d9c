import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The files that pages load, each at a URL with a hash of its content, so that browsers may keep it for ever. */
const files = {
  style: { name: 'pages.css', type: 'text/css; charset=utf-8' },
  icon: { name: 'icon.svg', type: 'image/svg+xml' },
  desk: { name: 'desk.js', type: 'text/javascript; charset=utf-8' },
  enhance: { name: 'enhance.js', type: 'text/javascript; charset=utf-8' },
} as const

export type AssetFile = { path: string; type: string; content: string }

const folder = join(import.meta.dirname, '../assets')

const load = ({ name, type }: { name: string; type: string }): AssetFile => {
  const content = readFileSync(join(folder, name), 'utf8')
  const version = hash('sha256', content, 'hex').slice(0, 10)
  return { path: `/assets/${name.replace('.', `.${version}.`)}`, type, content }
}

const loaded = Object.entries(files).map(([key, file]) => [key, load(file)] as const)

export const assetFiles: readonly AssetFile[] = loaded.map(([, file]) => file)

/** The path of each file. */
export const assets = Object.fromEntries(loaded.map(([key, { path }]) => [key, path])) as Record<
  keyof typeof files,
  string
>
