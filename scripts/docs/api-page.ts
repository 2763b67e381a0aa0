import { CsrfTokens, SessionCookies } from '../../src/adapters/http/cookies.ts';
import { apiRoutes } from '../../src/adapters/http/http-server.ts';
import { API_PREFIX } from '../../src/adapters/http/register-routes.ts';
import { CHANNEL_RIGHTS } from '../../src/adapters/http/stream/stream-hub.ts';
import { STREAM_CLOSE } from '../../src/contract/api/stream.ts';
import { CODES } from '../../src/model/codes/catalogue.ts';
import { HttpRefusal } from '../../src/adapters/http/refusal.ts';

const CLOSE_WORDS: Readonly<Record<keyof typeof STREAM_CLOSE, string>> = {
  PROTOCOL: 'a message that the stream does not take',
  UNAUTHENTICATED: 'no ticket, or one that is not good',
  TICKET_LATE: 'no ticket came within five seconds',
  TOO_MUCH: 'too many messages or subscriptions',
  SLOW: 'too much waits for a client that does not read, or it has not answered for 15 seconds or more',
  ACCESS_ENDED: 'session or key has ended',
  GOING_AWAY: 'the server stops',
};

/** docs/reference/api.md: every route with the right that it asks for, every channel, every code that is a status. */
export function apiPage(): string {
  const routes = apiRoutes(new SessionCookies(false), new CsrfTokens());
  const rows = routes.map(({ method, path, access, cost, onceBy, summary }) => {
    const url = path.startsWith('/health/') ? path : `${API_PREFIX}${path}`;
    return `| \`${method} ${url}\` | ${accessText(access)} | ${cost} | ${onceBy ?? ''} | ${summary} |`;
  });
  const channels = Object.entries(CHANNEL_RIGHTS).map(([channel, right]) => `| \`${channel}\` | \`${right}\` |`);
  const closes = Object.entries(STREAM_CLOSE).map(([name, code]) => `| ${code} | ${CLOSE_WORDS[name as keyof typeof STREAM_CLOSE]} |`);
  const statuses = new Map<number, string[]>();
  for (const code of Object.keys(CODES) as (keyof typeof CODES)[]) {
    const { status } = new HttpRefusal(code, '');
    if (status !== 422) statuses.set(status, [...(statuses.get(status) ?? []), `\`${code}\``]);
  }
  const statusRows = [...statuses].sort(([a], [b]) => a - b).map(([status, codes]) => `| ${status} | ${codes.join(', ')} |`);
  return `# The API

Made from the code by \`npm run docs\`. [The guide](../guide/api.md) shows how to use it; the form of every request and answer is in \`${API_PREFIX}/openapi.json\`.

## Routes

Who may use a route: whoever has the right, whoever is signed in, or everybody. The cost is what a request takes of the rate. Where it says so, the header
\`idempotency-key\` is required or optional: the same key twice has one effect and one answer.

| Route | Who may | Cost | Idempotency key | What it does |
|---|---|---|---|---|
${rows.join('\n')}
| \`GET ${API_PREFIX}/openapi.json\` | \`market:read\` | 5 |  | The description of all of these, OpenAPI 3.1 |
| \`GET ${API_PREFIX}/stream\` | a ticket | |  | WebSocket; each channel asks for a right |

Where the dashboard is served too, everything outside \`${API_PREFIX}\` and \`/health\` is its files, open to everybody.

## Channels of the stream

| Channel | Right |
|---|---|
${channels.join('\n')}

## How the stream is closed

| Code | When |
|---|---|
${closes.join('\n')}

## Statuses

Refusals have one shape, \`{"error":{"code","message","correlationId","details"}}\`. Codes that are not listed here have status 422: what was asked for is
understood and not done. [All codes](errors.md) say what to do.

| Status | Codes |
|---|---|
${statusRows.join('\n')}
`;
}

function accessText(access: string): string {
  if (access === 'public') return 'everybody';
  return access === 'signed-in' ? 'whoever is signed in' : `\`${access}\``;
}
