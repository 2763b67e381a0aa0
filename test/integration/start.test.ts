import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lookAtJournal, recordsBetween } from '../../src/adapters/journal/inspect-journal.ts';
import type { SessionInput } from '../../src/model/session-input.ts';
import { decodeInput } from '../../src/runtime/session/input-codec.ts';
import { Desk, DESK_PASSWORD, firstPassword } from '../desk-kit.ts';
import { dashboardOf, endPrograms, run, Running } from '../program-kit.ts';

const MINUTES_MS = 600_000;
/** The day of history is short of events, so that a test need not wait for it. */
const QUICK = ['--set', 'data.0.generated.eventsPerSecond=0.2', '--set', 'data.1.generated.eventsPerSecond=0.2'];
const SESSION = 'sessions/paper';

/** Trades nothing by itself; cancels take an hour to reach the venue. */
const SLOW_VENUE = `
name: slow
instruments: [{ id: ABC-USD.SIM, kind: spot, priceDecimals: 2, quantityDecimals: 2, fills: { market: touch } }]
accounts: [{ balances: { USD: 100000 } }]
venues: [{ name: SIM, latency: { orderEntry: 1h } }]
data:
  - { kind: quotes, generated: { market: agents, seed: 7, startPrice: 100, typicalQuantity: 500, eventsPerSecond: 0.2 } }
  - { kind: trades, generated: { market: agents, seed: 7, startPrice: 100 } }
strategies: [{ use: moving-average-crossover, parameters: { fast: 2, slow: 400, every: 1h, weight: 0.5 } }]
`;

interface Order {
  readonly order: number;
  readonly status: string;
}

describe('start', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'start-'));
  });
  afterEach(async () => {
    await endPrograms();
    rmSync(folder, { recursive: true, force: true });
  });

  function start(...args: readonly string[]): Running {
    return new Running(folder, args);
  }

  /** A limit order that nobody meets. */
  async function placeFarAway(desk: Desk): Promise<void> {
    const order = { instrument: 'ABC-USD.SIM', side: 'BUY', orderType: 'LIMIT', quantity: '1', limitPrice: '1' };
    expect(await desk.send('POST', '/orders', order, { 'idempotency-key': 'far' })).toMatchObject({ status: 201 });
  }

  async function manualOrders(desk: Desk): Promise<readonly Order[]> {
    const { body } = await desk.send('GET', '/orders');
    return (body as { readonly items: readonly (Order & { readonly strategy: string })[] }).items.filter(
      ({ strategy }) => strategy === 'manual',
    );
  }

  it(
    'SEC-34: says the address first, then how to sign in and what is where; the password stands in a file for its owner only, until another is set',
    async () => {
      const { server, port } = await takenPort();
      try {
        const first = start('start', '--port', String(port), ...QUICK);
        await first.says(/Trading/);
        const lines = first.err.split('\n');
        expect(lines[0]).toMatch(/^dashboard http:\/\/127\.0\.0\.1:\d+$/);
        expect(lines[1]).toMatch(/^sign in {3}user admin, password in \S+one-time-password-admin\.txt/);
        for (const place of ['market', 'orders', 'journal', 'database', 'trading'])
          expect(first.err).toMatch(new RegExp(`^ {2}${place} +\\S`, 'm'));
        expect(Number(new URL(dashboardOf(first)).port)).toBeGreaterThan(port);
        expect(first.err).toContain(`Port ${port} is taken`);
        const file = path.join(folder, SESSION, 'one-time-password-admin.txt');
        const password = firstPassword(path.join(folder, SESSION));
        expect(statSync(file).mode & 0o777).toBe(0o600);
        expect(first.err + first.out).not.toContain(password);
        await Desk.signIn(dashboardOf(first), password);
        expect(existsSync(file)).toBe(false);
        const second = start('start', '--port', '0', ...QUICK);
        expect(await second.ended).toBe(1);
        expect(second.err).toContain(`process ${first.child.pid} `);
        expect(second.err).toContain('[JOURNAL_LOCKED]');
        first.child.kill('SIGTERM');
        expect(await first.ended).toBe(0);
      } finally {
        server.close();
      }
    },
    MINUTES_MS,
  );

  it(
    'leaves working orders for the next start or cancels them by a command in the journal, as it was told, and ends by itself after its minutes',
    async () => {
      const first = start('start', '--port', '0', ...QUICK);
      await first.says(/Trading/);
      const desk = await Desk.signIn(dashboardOf(first), firstPassword(path.join(folder, SESSION)));
      await placeFarAway(desk);
      first.child.kill('SIGINT');
      expect(await first.ended).toBe(0);
      expect(first.err).toMatch(/left working/);
      const second = start('start', '--port', '0', '--on-stop', 'cancel', ...QUICK);
      await second.says(/Trading/);
      expect(await manualOrders(await Desk.signIn(dashboardOf(second), DESK_PASSWORD, false))).toMatchObject([{ status: 'ACCEPTED' }]);
      second.child.kill('SIGINT');
      expect(await second.ended).toBe(0);
      expect(second.err).toMatch(/cancel .*: none is working/);
      const [, inputs, digest] = /after (\d+) inputs, digest ([0-9a-f]{32})/.exec(second.err)!;
      expect(JSON.parse(run(folder, 'replay', SESSION, '--json').out)).toMatchObject({ inputs: Number(inputs), digest });
      const ours = commandsOf(path.join(folder, SESSION, 'journal')).filter(({ command }) => command.kind !== 'PlaceOrder');
      expect(ours).toEqual([
        expect.objectContaining({ actor: 'system', command: { kind: 'CancelAll', strategy: null, instrument: null } }),
      ]);
      expect(await start('start', '--port', '0', '--minutes', '0.01', ...QUICK).ended).toBe(0);
    },
    MINUTES_MS,
  );

  it(
    'ends at once at a second Ctrl-C with status 130, and nothing is missing afterwards',
    async () => {
      writeFileSync(path.join(folder, 'run.yaml'), SLOW_VENUE);
      const first = start('paper', 'run.yaml', '--dashboard', '--port', '0', '--on-stop', 'cancel');
      await first.says(/Trading/);
      const desk = await Desk.signIn(dashboardOf(first), firstPassword(path.join(folder, 'sessions/slow')));
      await placeFarAway(desk);
      first.child.kill('SIGINT');
      // The venue hears of the cancel in an hour, and the end waits some seconds for it.
      await first.says(/Ctrl-C again/);
      first.child.kill('SIGINT');
      expect(await first.ended).toBe(130);
      expect(first.err).not.toContain('Ended at');
      expect(run(folder, 'journal', 'verify', 'sessions/slow/journal').status).toBe(0);
      const second = start('paper', 'run.yaml', '--dashboard', '--port', '0');
      await second.says(/Trading/);
      expect(await manualOrders(await Desk.signIn(dashboardOf(second), DESK_PASSWORD, false))).toHaveLength(1);
    },
    MINUTES_MS,
  );
});

type Command = Extract<SessionInput, { kind: 'COMMAND' }>;

function commandsOf(journal: string): readonly Command[] {
  const records = [...recordsBetween(journal, 2, lookAtJournal(journal).facts.lastSequence)];
  return records.map((record) => decodeInput(record)).filter((input): input is Command => input.kind === 'COMMAND');
}

/** A port of this machine that somebody has. */
function takenPort(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({ server, port: (server.address() as { readonly port: number }).port }));
  });
}
