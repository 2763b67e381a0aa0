import { describe, expect, it } from 'vitest';
import { HandClock } from '../../runtime/hand-clock.fixture.ts';
import { SECOND, settled } from './feed.fixture.ts';
import { FEED_REQUESTS_MAX, REQUEST_TIMEOUT_US_MAX, RestClient } from './rest-client.ts';
import type { HttpAnswer } from './transport.ts';

/** A whole minute, so that sums of weights begin at 0. */
const MINUTE = 60 * SECOND;
const START = 28_333_333 * MINUTE;

/** A client and the answers that a test gives, one per request. */
function client(answers: readonly (Partial<HttpAnswer> & { readonly retryAfter?: string; readonly used?: string })[]) {
  const clock = new HandClock(START);
  const asked: string[] = [];
  const limits: string[] = [];
  const left = [...answers];
  const rest = new RestClient({
    clock,
    baseUrl: 'http://venue',
    fetchText: (url, signal) => {
      asked.push(url.slice('http://venue'.length));
      const { retryAfter = null, used = null, ...answer } = left.shift() ?? {};
      if (answer.status === 0) return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
      const header = (name: string): string | null => (name === 'retry-after' ? retryAfter : name === 'x-mbx-used-weight-1m' ? used : null);
      return Promise.resolve({ status: 200, body: 'yes', header, ...answer });
    },
    onLimited: (code, untilTs) => limits.push(`${code} ${(untilTs - START) / SECOND}`),
  });
  return { clock, asked, limits, rest };
}

async function outcome(promise: Promise<string>): Promise<string> {
  return promise.catch((error: unknown) => `${String((error as { code?: string }).code)}`);
}

describe('requests', () => {
  it('S-61: 429 holds back every request for as long as Retry-After says; then they are sent in their order, none is lost', async () => {
    const { clock, asked, limits, rest } = client([{ status: 429, retryAfter: '30' }]);
    const both = Promise.all([rest.get('/a', 1), rest.get('/b', 1)]);
    await settled();
    expect([asked, limits]).toEqual([['/a'], ['FEED_RATE_LIMITED 30']]);
    clock.advanceTo(START + 30 * SECOND - 1);
    await settled();
    expect(asked).toEqual(['/a']);
    clock.advanceTo(START + 30 * SECOND);
    expect(await both).toEqual(['yes', 'yes']);
    expect(asked).toEqual(['/a', '/a', '/b']);
  });

  it.each([
    [418, '180', 'FEED_BANNED 180'],
    [429, null, 'FEED_RATE_LIMITED 60'],
    [429, 'soon', 'FEED_RATE_LIMITED 60'],
    [429, '0', 'FEED_RATE_LIMITED 1'],
    [418, '999999999', 'FEED_BANNED 259200'],
  ])('S-61: %s with Retry-After %s is %s seconds', async (status, retryAfter, told) => {
    const { limits, rest } = client([{ status, ...(retryAfter === null ? {} : { retryAfter }) }]);
    void rest.get('/a', 1).catch(() => {});
    await settled();
    expect(limits).toEqual([told]);
  });

  it('S-61: three quarters of the weight of a minute are used and no more; the rest waits for the next minute', async () => {
    const { clock, asked, rest } = client([]);
    rest.weightLimit = 400;
    const all = Promise.all(Array.from({ length: 4 }, (_, at) => rest.get(`/${at}`, 100)));
    await settled();
    expect(asked).toEqual(['/0', '/1', '/2']);
    clock.advanceTo(START + MINUTE);
    await all;
    expect(asked.length).toBe(4);
  });

  it('S-61: weight that others of the same address used counts, as the venue tells it', async () => {
    const { clock, asked, rest } = client([{ used: '5000' }]);
    await rest.get('/a', 1);
    void rest.get('/b', 1).catch(() => {});
    await settled();
    expect([asked, rest.usedWeight]).toEqual([['/a'], 5000]);
    clock.advanceTo(START + MINUTE);
    await settled();
    expect(asked).toEqual(['/a', '/b']);
  });

  it('an error of the venue, and no answer in time, are failures with their codes, and the next request is sent', async () => {
    const { clock, rest } = client([{ status: 503 }, { status: 400, body: '{"code":-1121}' }, { status: 0 }]);
    const all = Promise.all(['/a', '/b', '/c', '/d'].map((path) => outcome(rest.get(path, 1))));
    await settled();
    clock.advanceTo(START + REQUEST_TIMEOUT_US_MAX);
    expect(await all).toEqual(['FEED_MAINTENANCE', 'FEED_REQUEST_FAILED', 'FEED_REQUEST_FAILED', 'yes']);
  });

  it('takes so many requests that wait, and refuses further ones; those that wait at the end are told', async () => {
    const { rest } = client([{ status: 429, retryAfter: '30' }]);
    const first = outcome(rest.get('/a', 1));
    await settled();
    const waiting = Array.from({ length: FEED_REQUESTS_MAX - 1 }, () => outcome(rest.get('/w', 1)));
    expect(await outcome(rest.get('/x', 1))).toBe('FEED_BUFFER_FULL');
    rest.stop();
    expect(new Set(await Promise.all([first, ...waiting, outcome(rest.get('/late', 1))]))).toEqual(new Set(['FEED_STOPPED']));
  });
});
