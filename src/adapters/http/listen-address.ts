import type { FastifyInstance } from 'fastify';
import { WorldError } from '../../ports/errors.ts';

/** Ports that are tried, one after the other, where the first is taken. */
export const PORT_TRIES_MAX = 20;

export interface ListenOptions {
  /** An address of this machine. */
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly hasTls: boolean;
  readonly hasProxy: boolean;
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.[0-9]{1,3}){3}$/.test(host);
}

/** @throws WorldError `BIND_REFUSED` where others could read what goes over the wire */
export function refuseOpenAddress({ host, hasTls, hasProxy }: ListenOptions): void {
  if (isLoopback(host) || hasTls || hasProxy) return;
  const message = `The API listens on ${host} only with TLS, or behind a declared proxy: passwords would cross the network in the clear.`;
  throw new WorldError('BIND_REFUSED', message, { retryable: false });
}

/**
 * Listens on a port, or on the next one that is free.
 *
 * @returns the port
 * @throws WorldError `PORT_UNAVAILABLE` where none of those tried is free
 */
export async function listenOn(app: FastifyInstance, { host, port }: ListenOptions): Promise<number> {
  const last = port === 0 ? 0 : Math.min(65_535, port + PORT_TRIES_MAX - 1);
  for (let next = port; next <= last; next += 1) {
    try {
      await app.listen({ host, port: next });
      const address = app.server.address();
      return typeof address === 'object' && address !== null ? address.port : next;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EACCES') throw new WorldError('PORT_UNAVAILABLE', `Port ${next} is not for this account.`, { retryable: false });
      if (code !== 'EADDRINUSE') throw error;
    }
  }
  throw new WorldError('PORT_UNAVAILABLE', `No port from ${port} to ${last} is free on ${host}.`, { retryable: true });
}
