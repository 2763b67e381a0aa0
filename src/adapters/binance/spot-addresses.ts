import type { SpotAddresses } from './spot-feed.ts';

/** Both addresses of a server that has them at one: `http://127.0.0.1:9443`, without a path; null where the text is none. */
export function addressesAt(text: string): SpotAddresses | null {
  const match = /^(https?|wss?):\/\/([^/?#]+)\/?$/.exec(text);
  if (match === null) return null;
  const isSecure = match[1] === 'https' || match[1] === 'wss';
  return { rest: `http${isSecure ? 's' : ''}://${match[2]}`, streams: `ws${isSecure ? 's' : ''}://${match[2]}` };
}
