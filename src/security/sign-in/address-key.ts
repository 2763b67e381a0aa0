import { isIP } from 'node:net';

/**
 * What counts as one address for throttling: an IPv4 address, and of IPv6 the first 64 bits, since whoever has one address there has all of them.
 * A text that is no address counts as itself.
 */
export function addressKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped !== null) return mapped[1]!;
  const plain = address.replace(/%.*$/, '');
  if (isIP(plain) !== 6) return address.slice(0, 64);
  const [head, tail] = plain.toLowerCase().split('::') as [string, string | undefined];
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = tail === undefined ? left : [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
