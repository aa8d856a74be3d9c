import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { settingDescriptions } from '../../src/config.ts'
import { requireProgram } from '../harness/own-postgres.ts'
import { createDataFolder, root, stopAllPrograms } from '../process/program.ts'

/** The files for operators, each read by its own program where there is one. */

afterAll(stopAllPrograms)

const read = (path: string): string => readFileSync(join(root, path), 'utf8')

test('nginx accepts its configuration', () => {
  const folder = createDataFolder()
  const [certificate, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  execFileSync(
    requireProgram('openssl', 'openssl'),
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=casefile.example.org'].concat([
      '-keyout',
      key,
      '-out',
      certificate,
    ]),
    { stdio: 'ignore' },
  )
  const server = read('deploy/proxies/nginx.conf')
    .replace('/etc/ssl/certs/casefile.pem', certificate)
    .replace('/etc/ssl/private/casefile.key', key)
  expect(server).toContain(certificate)
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, `pid ${folder}/pid;\nevents {}\nhttp {\naccess_log off;\n${server}\n}\n`)
  const nginx = requireProgram('nginx', 'nginx-light')
  execFileSync(nginx, ['-t', '-q', '-c', file, '-e', join(folder, 'error.log')])
})

test('systemd accepts the unit', () => {
  const folder = createDataFolder()
  mkdirSync(join(folder, 'units'))
  const unit = join(folder, 'units/casefile.service')
  cpSync(join(root, 'deploy/systemd/casefile.service'), unit)
  execFileSync(requireProgram('systemd-analyze', 'systemd'), ['verify', '--man=no', unit], {
    stdio: 'pipe',
  })
})

test('compose needs a password, checks readiness and pins its images', () => {
  const text = read('docker-compose.yml')
  const { services } = parse(text) as { services: Record<string, { image?: string }> }
  expect(services.database?.image).toMatch(/^postgres:\d+\.\d+-\w+$/)
  const uses = text.match(/\$\{CASEFILE_DB_PASSWORD[^}]*\}/g) ?? []
  expect(uses.length).toBeGreaterThan(1)
  for (const use of uses) expect(use).toMatch(/^\$\{CASEFILE_DB_PASSWORD:\?/)
  const dockerfile = read('Dockerfile')
  expect(dockerfile).toMatch(/^HEALTHCHECK [^\n]*\n[^\n]*\/readyz/m)
  for (const [, image] of dockerfile.matchAll(/^FROM (\S+:\S+)/gm))
    expect(image).toMatch(/:\d+\.\d+\.\d+-/)
})

test('the manifests parse, and name settings and probes that exist', () => {
  const documents = ['api.yaml', 'database.yaml'].flatMap((name) =>
    parseAllDocuments(read(`deploy/kubernetes/${name}`)).map((document) => {
      expect('errors' in document && document.errors).toEqual([])
      return document.toJSON()
    }),
  )
  expect(documents.map(({ kind }) => kind)).toEqual([
    'Deployment',
    'Service',
    'PodDisruptionBudget',
    'NetworkPolicy',
    'Cluster',
  ])
  const [container] = documents[0].spec.template.spec.containers
  const settings = new Set(settingDescriptions.map(({ name }) => name))
  for (const { name } of container.env) expect(settings).toContain(name)
  expect(container.readinessProbe.httpGet.path).toBe('/readyz')
  expect(container.livenessProbe.httpGet.path).toBe('/healthz')
})
