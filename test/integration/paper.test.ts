import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Desk, DESK_PASSWORD, firstPassword } from '../desk-kit.ts';
import { dashboardOf, endPrograms, run, Running } from '../program-kit.ts';

const RUN_FILE = `
name: small
instruments: [{ id: ABC-USD.SIM, kind: spot, priceDecimals: 2, quantityDecimals: 2, fills: { market: touch } }]
accounts: [{ balances: { USD: 100000 } }]
data:
  - { kind: quotes, generated: { market: agents, seed: 7, startPrice: 100, typicalQuantity: 500, eventsPerSecond: 0.5 } }
  - { kind: trades, generated: { market: agents, seed: 7, startPrice: 100 } }
strategies: [{ use: moving-average-crossover, parameters: { fast: 2, slow: 4, every: 10s, weight: 0.5 } }]
`;

/** The name of the folder, and what tells the session from others whose folders have that name. */
const SESSION_ID = /^small-[0-9a-f]{12}$/;

describe('paper', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'paper-'));
    writeFileSync(path.join(folder, 'run.yaml'), RUN_FILE);
  });
  afterEach(async () => {
    await endPrograms();
    rmSync(folder, { recursive: true, force: true });
  });

  it('S-20, INV-16: trades, is killed, goes on, and a replay of its journal decides the same to the last bit', async () => {
    const first = new Running(folder, ['paper', 'run.yaml', '--speed', '60']);
    await first.says(/bought|sold/);
    first.child.kill('SIGKILL');
    expect(await first.ended).toBeNull();
    const second = new Running(folder, ['paper', 'run.yaml', '--speed', '60']);
    await second.says(/no market data since/);
    await second.says(/(bought|sold)[\s\S]*(bought|sold)/);
    second.child.kill('SIGINT');
    expect(await second.ended).toBe(0);
    const [, inputs, digest] = /after (\d+) inputs, digest ([0-9a-f]{32})/.exec(second.err) ?? [];
    const replayed = run(folder, 'replay', 'sessions/small', '--json');
    expect(JSON.parse(replayed.out)).toMatchObject({ name: 'small', inputs: Number(inputs), digest });
  });

  it('says what is wrong with a run file that has become another, and leaves the session as it is', async () => {
    const first = new Running(folder, ['paper', 'run.yaml']);
    await first.says(/Trading/);
    first.child.kill('SIGINT');
    expect(await first.ended).toBe(0);
    writeFileSync(path.join(folder, 'run.yaml'), RUN_FILE.replace('fast: 2', 'fast: 3'));
    const second = new Running(folder, ['paper', 'run.yaml']);
    expect(await second.ended).toBe(2);
    expect(second.err).toContain('[SESSION_CHANGED]');
  });

  it('plays a recording to its end, says so once, and ends in order; so does the same command again', async () => {
    const minutes = [100, 101, 102].map((price, at) => `2024-01-02T14:0${at}:00Z,${price},${price},${price},${price},10`);
    writeFileSync(path.join(folder, 'bars.csv'), ['time,open,high,low,close,volume', ...minutes, ''].join('\n'));
    const recorded = `${RUN_FILE.replace(/data:[\s\S]*strategies/, 'data: [{ kind: bars, every: 1m, csv: bars.csv }]\nstrategies')}`;
    writeFileSync(path.join(folder, 'run.yaml'), recorded.replace('every: 10s', 'every: 1m'));
    for (const _ of ['first', 'again']) {
      const played = new Running(folder, ['paper', 'run.yaml', '--speed', '600']);
      expect([await played.ended, played.err.match(/The recording is played out\./g)]).toEqual([0, ['The recording is played out.']]);
      expect(played.err).toMatch(/Ended at 2024-01-02T14:\S+ after \d+ inputs, digest \w+\.\n$/);
    }
  });

  it.each([
    [['--speed', '0'], '--speed takes a number above 0'],
    [['--speed', 'fast'], '--speed takes a number above 0'],
  ])('refuses %j', async (args, rule) => {
    const refused = new Running(folder, ['paper', 'run.yaml', ...args]);
    expect(await refused.ended).toBe(2);
    expect(refused.err).toContain(rule);
  });

  it('S-20: serves a desk that signs in, trades by hand, and after a kill and a new start shows the same orders and fills, as the database does', async () => {
    const first = new Running(folder, ['paper', 'run.yaml', '--dashboard', '--port', '0']);
    await first.says(/Trading/);
    const desk = await Desk.signIn(dashboardOf(first), firstPassword(path.join(folder, 'sessions/small')));
    const order = { instrument: 'ABC-USD.SIM', side: 'BUY', orderType: 'MARKET', quantity: '1' };
    expect(await desk.send('POST', '/orders', order, { 'idempotency-key': 'first' })).toMatchObject({ status: 201 });
    const before = await shown(desk);
    expect(before.fills.filter(({ strategy }) => strategy === 'manual')).toHaveLength(1);
    first.child.kill('SIGKILL');
    await first.ended;
    const second = new Running(folder, ['paper', 'run.yaml', '--dashboard', '--port', '0']);
    await second.says(/Trading/);
    const again = await Desk.signIn(dashboardOf(second), DESK_PASSWORD, false);
    // It traded on between the question and the kill, and may do so now: everything that was there is there as it was.
    const after = await shown(again);
    expect(after.fills).toEqual(expect.arrayContaining([...before.fills]));
    expect(after.ended).toEqual(expect.arrayContaining([...before.ended]));
    expect(after.byHand).toEqual(before.byHand);
    second.child.kill('SIGINT');
    expect(await second.ended).toBe(0);
    const [, inputs] = /after (\d+) inputs/.exec(second.err)!;
    const stored = run(folder, 'db', 'status', '--database-folder', 'sessions/small/db', '--json');
    expect(JSON.parse(stored.out)).toMatchObject({
      runs: [{ runId: expect.stringMatching(SESSION_ID) as string, status: 'ENDED', sequence: Number(inputs) }],
    });
    const rebuilt = run(folder, 'db', 'rebuild', 'sessions/small', '--database-folder', 'sessions/small/db', '--json');
    expect(JSON.parse(rebuilt.out)).toMatchObject({ sessionId: expect.stringMatching(SESSION_ID) as string, sequence: Number(inputs) });
  }, 600_000);

  it('a start that the database refuses ends with the status of the error, leaves no key behind and says nothing of a session that ended', async () => {
    const desk = ['paper', 'run.yaml', '--dashboard', '--port', '0', '--database-folder', 'shared'];
    const first = new Running(folder, [...desk, '--folder', 'one/small']);
    await first.says(/Trading/);
    first.child.kill('SIGINT');
    expect(await first.ended).toBe(0);
    const second = new Running(folder, [...desk, '--folder', 'two/small']);
    expect(await second.ended).toBe(2);
    expect(second.err).toContain('SECRET_KEY_UNKNOWN');
    expect(second.err).not.toMatch(/Ended at|master key was made/);
    expect(existsSync(path.join(folder, 'two/small/master.key'))).toBe(false);
    // With the key of the first they share the database, and each has its own rows.
    copyFileSync(path.join(folder, 'one/small/master.key'), path.join(folder, 'two/small/master.key'));
    const third = new Running(folder, [...desk, '--folder', 'two/small']);
    await third.says(/Trading/);
    third.child.kill('SIGINT');
    expect(await third.ended).toBe(0);
    const { runs } = JSON.parse(run(folder, 'db', 'status', '--database-folder', 'shared', '--json').out) as {
      readonly runs: readonly { readonly runId: string }[];
    };
    expect(new Set(runs.map(({ runId }) => runId)).size).toBe(2);
    for (const { runId } of runs) expect(runId).toMatch(SESSION_ID);
  }, 600_000);
});

interface Row {
  readonly strategy: string | null;
  readonly [field: string]: unknown;
}

/** What does not change any more: fills, orders that have ended, and what is held by hand, but for what it is worth at the last price. */
async function shown(
  desk: Desk,
): Promise<{ readonly fills: readonly Row[]; readonly ended: readonly Row[]; readonly byHand: readonly Row[] }> {
  const items = async (route: string): Promise<readonly Row[]> => {
    const { body } = await desk.send('GET', route);
    return (body as { readonly items: readonly Row[] }).items;
  };
  const orders = await items('/orders');
  const positions = await items('/positions');
  return {
    fills: await items('/fills'),
    ended: orders.filter(({ status }) => ['FILLED', 'CANCELED', 'DENIED', 'REJECTED'].includes(String(status))),
    byHand: positions
      .filter(({ strategy }) => strategy === 'manual')
      .map(({ markPx: _, value: __, unrealizedPnl: ___, ...kept }) => kept as Row),
  };
}
