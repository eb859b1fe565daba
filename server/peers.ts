import { BlockList, isIPv6 } from 'node:net'

// RFC 1918, RFC 3927, RFC 6598 (carrier NAT, also used by VPNs), RFC 4193, RFC 4291: addresses that do not come from the internet.
const RANGES = [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const

const privateRanges = new BlockList()
for (const [address, bits] of RANGES) privateRanges.addSubnet(address, bits, isIPv6(address) ? 'ipv6' : 'ipv4')

/** Whether a peer's address belongs to a home: private, link-local, unique-local, loopback; v4-mapped ones included. */
export function isPrivateAddress(address: string): boolean {
  return holds(privateRanges, address)
}

function holds(list: BlockList, address: string): boolean {
  const plain = address.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '')
  return list.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4')
}

/** Whether an address is one of `networks`, which are addresses or networks in CIDR form; undefined for none. */
export function memberOf(networks: readonly string[]): ((address: string) => boolean) | undefined {
  if (networks.length === 0) return undefined
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return address => holds(list, address)
}
