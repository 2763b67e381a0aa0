import { isLoopback } from './listen-address.ts';

/** The names under which this server is reached. A page of another origin is not asked for, and a name that is none of these is not answered. */
export class OwnOrigins {
  private origins: ReadonlySet<string>;
  private hosts: ReadonlySet<string>;

  /** @param publicOrigins such as `https://desk.example.org` */
  constructor(publicOrigins: readonly string[]) {
    this.origins = new Set(publicOrigins.map((origin) => new URL(origin).origin));
    this.hosts = hostsOf(this.origins);
  }

  /** Adds the names of the address that is listened on; a loopback address has three. */
  addAddress(scheme: 'http' | 'https', host: string, port: number): void {
    const names = isLoopback(host)
      ? ['127.0.0.1', 'localhost', '[::1]', host.includes(':') ? `[${host}]` : host]
      : [host.includes(':') ? `[${host}]` : host];
    this.origins = new Set([...this.origins, ...names.map((name) => new URL(`${scheme}://${name}:${port}`).origin)]);
    this.hosts = hostsOf(this.origins);
  }

  isOwn(origin: string): boolean {
    return this.origins.has(origin);
  }

  isOwnHost(host: string | undefined): boolean {
    return host !== undefined && this.hosts.has(host.toLowerCase());
  }
}

function hostsOf(origins: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...origins].map((origin) => new URL(origin).host));
}
