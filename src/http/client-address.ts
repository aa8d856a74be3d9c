import { BlockList, isIP, isIPv6 } from 'node:net'
import type { FastifyRequest } from 'fastify'

/**
 * Which proxies may name the client in `X-Forwarded-For`: none, the given number of proxies before the server, or the
 * proxies with these addresses (CIDR).
 */
export type TrustedProxies = false | number | readonly string[]

/**
 * The `trustProxy` of Fastify: whether the address at `hop` (0: the peer of the connection) is one of our proxies. The client
 * is the first address that is not. It cannot choose its own: what it sends is further away than its real address.
 */
export function createProxyTrust(proxies: TrustedProxies) {
  if (proxies === false) return false
  if (typeof proxies === 'number') return (_address: string, hop: number) => hop < proxies
  const list = new BlockList()
  for (const proxy of proxies) {
    const { address, prefix, family } = parseProxy(proxy)
    list.addSubnet(address, prefix, family)
  }
  return (address: string | undefined) => {
    const plainAddress = toPlainAddress(address ?? '')
    return (
      isIP(plainAddress) !== 0 && list.check(plainAddress, isIPv6(plainAddress) ? 'ipv6' : 'ipv4')
    )
  }
}

function parseProxy(proxy: string) {
  const [address = '', prefix] = proxy.split('/')
  const isV6 = isIPv6(address)
  const maxPrefix = isV6 ? 128 : 32
  return {
    address,
    prefix: prefix === undefined ? maxPrefix : Number(prefix),
    family: isV6 ? ('ipv6' as const) : ('ipv4' as const),
  }
}

/** An IPv4 address may come as `::ffff:192.0.2.1`. */
const toPlainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '')

/** Node forgets the address of a closed connection. */
const disconnectedClient = 'disconnected'

/** The client of a request for limits per client. */
export const getClient = (request: FastifyRequest): string =>
  toClient((request.ip as string | undefined) ?? disconnectedClient)

/** The client of an address: itself, or the /64 network of an IPv6 address, all of which belongs to one customer. */
export function toClient(address: string): string {
  const plainAddress = toPlainAddress(address)
  if (!isIPv6(plainAddress)) return plainAddress
  const [before = '', after] = plainAddress.split('::')
  const head = before === '' ? [] : before.split(':')
  const tail = after === undefined || after === '' ? [] : after.split(':')
  const zeros = after === undefined ? 0 : Math.max(0, 8 - head.length - tail.length)
  const groups = [...head, ...Array.from({ length: zeros }, () => '0'), ...tail]
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
