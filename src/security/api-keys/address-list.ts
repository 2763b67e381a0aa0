import { BlockList, isIP } from 'node:net';

const FAMILY = { 4: 'ipv4', 6: 'ipv6' } as const;

/** The entry in its parts, or null where it is no address and no subnet. */
function parse(entry: string): { readonly address: string; readonly family: 'ipv4' | 'ipv6'; readonly bits: number } | null {
  const [address, bitsText, ...more] = entry.split('/') as [string, string | undefined];
  const version = isIP(address);
  if (version === 0 || more.length > 0 || address.includes('%')) return null;
  const bitsMax = version === 4 ? 32 : 128;
  if (bitsText === undefined) return { address, family: FAMILY[version as 4 | 6], bits: bitsMax };
  const bits = /^\d{1,3}$/.test(bitsText) ? Number(bitsText) : -1;
  return bits < 0 || bits > bitsMax ? null : { address, family: FAMILY[version as 4 | 6], bits };
}

export function isAddressOrSubnet(entry: string): boolean {
  return parse(entry) !== null;
}

/** Whether an address is one of a list of addresses and subnets; an IPv4 address within an IPv6 one counts as the IPv4 address. */
export function isListed(address: string, entries: readonly string[]): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  const version = isIP(plain);
  if (version === 0) return false;
  const list = new BlockList();
  for (const entry of entries) {
    const part = parse(entry);
    if (part !== null) list.addSubnet(part.address, part.bits, part.family);
  }
  return list.check(plain, FAMILY[version as 4 | 6]);
}
