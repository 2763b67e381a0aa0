import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv6 } from 'node:net';

/** Hops that are looked at, from the nearest on. */
const HOPS = 16;

/** Proxies that are believed when they say for whom they ask; nobody else is. */
export class TrustedProxies {
  private readonly list = new BlockList();

  /** @param proxies addresses, or subnets as `10.0.0.0/8` @throws RangeError for what is neither */
  constructor(proxies: readonly string[]) {
    for (const proxy of proxies) {
      const [address, bits] = proxy.split('/') as [string, string | undefined];
      const family = isIPv6(address) ? 'ipv6' : 'ipv4';
      const length = Number(bits ?? (family === 'ipv6' ? 128 : 32));
      if (isIP(address) === 0 || !Number.isInteger(length)) throw new RangeError(`${proxy} is neither an address nor a subnet`);
      this.list.addSubnet(address, length, family);
    }
  }

  has(address: string): boolean {
    const plain = plainAddress(address);
    return isIP(plain) !== 0 && this.list.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
  }

  /** Who asks: the nearest address that is no trusted proxy. */
  clientOf(request: IncomingMessage): string {
    const direct = plainAddress(request.socket.remoteAddress ?? '');
    const header = request.headers['x-forwarded-for'];
    if (!this.has(direct) || typeof header !== 'string') return direct;
    // The last are the nearest: what stands before them anybody may have written, however much of it there is.
    const hops = header
      .split(',')
      .slice(-HOPS)
      .map((hop) => hop.trim());
    for (let hop = hops.pop(); hop !== undefined; hop = hops.pop()) {
      if (isIP(plainAddress(hop)) === 0) return direct;
      if (!this.has(hop)) return plainAddress(hop);
    }
    return direct;
  }
}

/** IPv4 over an IPv6 socket is IPv4. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}
