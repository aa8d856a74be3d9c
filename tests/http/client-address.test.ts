import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { createProxyTrust, toClient } from '../../src/http/client-address.ts'
import { useApp } from '../harness/app.ts'

/** Who a client is, for limits per client: `TRUST_PROXY` and IPv6 networks. */

describe('TRUST_PROXY', () => {
  test.each([
    ['off', false],
    ['false', false],
    ['0', false],
    ['1', 1],
    ['2', 2],
    ['10.0.0.0/8,::1', ['10.0.0.0/8', '::1']],
    ['192.0.2.7', ['192.0.2.7']],
    ['fd00::/8 , 127.0.0.1', ['fd00::/8', '127.0.0.1']],
  ])('%s is %j', (text, expected) => {
    expect(readConfig({ TRUST_PROXY: text }).TRUST_PROXY).toEqual(expected)
  })

  test('is off by default', () => {
    expect(readConfig({}).TRUST_PROXY).toBe(false)
  })

  test.each([
    'true',
    'on',
    '-1',
    '1.5',
    '100',
    'proxy.example',
    '10.0.0.0/33',
    '::1/129',
    '10.0.0.0/8,',
    '10.0.0.0/',
  ])('%s is refused', (text) => {
    expect(() => readConfig({ TRUST_PROXY: text })).toThrow(/TRUST_PROXY: must be the number/)
  })
})

describe('a proxy by its address', () => {
  const isProxy = createProxyTrust(['10.0.0.0/8', '::1', 'fd00::/8'])
  test.each([
    ['10.1.2.3', true],
    ['::ffff:10.1.2.3', true],
    ['::1', true],
    ['fd12::3', true],
    ['11.0.0.1', false],
    ['127.0.0.1', false],
    ['2001:db8::1', false],
    ['unknown', false],
    ['10.1.2.3:80', false],
    ['', false],
  ])('%s: %s', (address, expected) => {
    expect(isProxy !== false && isProxy(address, 0)).toBe(expected)
  })
})

describe('the client of an address', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1:2:3:4', 'fe80:0:0:0::/64'],
  ])('%s is %s', (address, expected) => {
    expect(toClient(address)).toBe(expected)
  })

  test('addresses of one /64 network are one client, of two networks two', () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.ipV6(), (a, b) => {
        fc.pre(!a.includes('.') && !b.includes('.'))
        const network = (address: string) => BigInt(`0x${expand(address).slice(0, 4).join('')}`)
        expect(toClient(a) === toClient(b)).toBe(network(a) === network(b))
      }),
    )
  })
})

/** The eight groups of an IPv6 address, by the URL parser. */
function expand(address: string): string[] {
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length
  return [...before, ...Array<string>(zeros).fill('0'), ...after].map((group) =>
    group.padStart(4, '0'),
  )
}

describe('the rate limit', () => {
  const settings = { RATE_LIMIT_PER_MINUTE: 2, CACHE_MB: 0 }
  const direct = useApp(settings)
  const oneHop = useApp({ ...settings, TRUST_PROXY: 1 })
  const byAddress = useApp({ ...settings, TRUST_PROXY: ['127.0.0.1', '10.0.0.0/8'] })

  /** The statuses of three requests with these `X-Forwarded-For`. */
  const statuses = async (t: typeof direct, forwarded: readonly string[]) => {
    const all = []
    for (const header of forwarded)
      all.push((await t.api.get('/v1/cases').set('X-Forwarded-For', header)).status)
    return all
  }

  test('without a proxy counts the peer, whatever the client sends', async () => {
    expect(await statuses(direct, ['192.0.2.1', '192.0.2.2', '192.0.2.3'])).toEqual([200, 200, 429])
  })

  test.each([
    ['a number', oneHop, 10],
    ['addresses', byAddress, 20],
  ])('behind a proxy given as %s counts the client that the proxy names', async (_what, t, net) => {
    const client = (host: number) => `192.0.${net}.${host}`
    expect(await statuses(t, [client(1), client(2), client(3)])).toEqual([200, 200, 200])
    // What a client puts before the entry of the proxy changes nothing.
    const spoofed = ['198.51.100.1', '198.51.100.2', '198.51.100.3'].map(
      (address) => `${address}, ${client(4)}`,
    )
    expect(await statuses(t, spoofed)).toEqual([200, 200, 429])
  })

  test('goes past proxies with known addresses, and no further', async () => {
    const chain = ['198.51.100.1', '198.51.100.2', '198.51.100.3'].map(
      (address) => `${address}, 203.0.113.9, 10.0.0.7`,
    )
    expect(await statuses(byAddress, chain)).toEqual([200, 200, 429])
  })
})
