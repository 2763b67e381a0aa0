import { expect, it } from 'vitest';
import type { DatabaseManager } from '../../src/adapters/postgres/database-manager.ts';
import { PostgresRecords } from '../../src/adapters/postgres/postgres-records.ts';
import { PostgresAudit } from '../../src/adapters/postgres/postgres-audit.ts';
import { queriesOn } from '../../src/adapters/postgres/queries.ts';
import type { SqlValue } from '../../src/adapters/postgres/sql-connection.ts';
import { FACTS, fillWith, orderWith, outputWith } from '../../src/model/session-output.fixture.ts';
import { InputError } from '../../src/ports/errors.ts';
import type { Page, PageRequest, TradingRecords } from '../../src/ports/trading-records.ts';
import { onEveryDatabase } from './database.fixture.ts';
import { STORY } from './session-story.fixture.ts';

const ID = FACTS.sessionId;

async function migrated(connect: () => Promise<DatabaseManager>): Promise<DatabaseManager> {
  const manager = await connect();
  await manager.migrate();
  return manager;
}

/** 25 orders: by twos at the same time; every fifth of the second strategy, every third filled, of the share from the 20th on. */
async function withOrders(connect: () => Promise<DatabaseManager>): Promise<DatabaseManager> {
  const manager = await migrated(connect);
  const orders = Array.from({ length: 25 }, (_, index) =>
    orderWith(index + 1, {
      tsInit: 1000 + Math.floor(index / 2),
      strategy: (index + 1) % 5 === 0 ? 1 : 0,
      status: (index + 1) % 3 === 0 ? 9 : 4,
      instrument: index + 1 >= 20 ? 1 : 0,
    }),
  );
  const records = orders.map(({ clientOrderId, strategy, instrument }) =>
    fillWith(clientOrderId, `T-${clientOrderId}`, { strategy, instrument, tsInit: 5000 + clientOrderId }),
  );
  const equity = Array.from({ length: 100 }, (_, index) => ({ account: 0, ts: 10 * index, amount: BigInt(index) }));
  await (await manager.sessions.open(FACTS)).apply({
    after: 1,
    upTo: 2,
    upToTs: 2,
    outputs: [outputWith(2, { orders, records, equity })],
  });
  return manager;
}

async function everyPage<T>(ask: (page: PageRequest) => Promise<Page<T>>, limit: number): Promise<T[]> {
  const rows: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask({ limit, cursor });
    expect(page.rows.length).toBeLessThanOrEqual(limit);
    rows.push(...page.rows);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return rows;
}

function down(from: number, to: number, isWanted: (id: number) => boolean = () => true): number[] {
  return Array.from({ length: from - to + 1 }, (_, index) => from - index).filter(isWanted);
}

onEveryDatabase('what has happened', (kind) => {
  it('orders come newest first, by page, each once, whatever the size of the page', async () => {
    const { records, close } = await open(kind.connect);
    for (const limit of [1, 2, 7, 24, 25, 26]) {
      const ids = (await everyPage((page) => records.orders(ID, {}, page), limit)).map(({ clientOrderId }) => clientOrderId);
      expect(ids).toEqual(down(25, 1));
    }
    await close();
  });

  it('orders are found by status, strategy, instrument and time, alone and together', async () => {
    const { records, close } = await open(kind.connect);
    const ids = async (filter: Parameters<TradingRecords['orders']>[1]): Promise<number[]> =>
      (await everyPage((page) => records.orders(ID, filter, page), 4)).map(({ clientOrderId }) => clientOrderId);
    expect(await ids({ status: 'FILLED' })).toEqual(down(25, 1, (id) => id % 3 === 0));
    expect(await ids({ strategy: 'second' })).toEqual([25, 20, 15, 10, 5]);
    expect(await ids({ instrumentId: 'AAA.SIM' })).toEqual(down(25, 20));
    // Orders 5 and 6 were born at 1002, 7 and 8 at 1003.
    expect(await ids({ from: 1002, to: 1004 })).toEqual([8, 7, 6, 5]);
    expect(await ids({ status: 'FILLED', strategy: 'second', from: 1000, to: 1010 })).toEqual([15]);
    expect(await ids({ strategy: 'nobody' })).toEqual([]);
    await close();
  });

  it('rows that come in while pages are turned move nothing', async () => {
    const { manager, records, close } = await open(kind.connect);
    const first = await records.orders(ID, {}, { limit: 10 });
    const late = outputWith(3, { orders: [orderWith(26, { tsInit: 9999 })] });
    await (await manager.sessions.open(FACTS)).apply({ after: 2, upTo: 3, upToTs: 3, outputs: [late] });
    const second = await records.orders(ID, {}, { limit: 10, cursor: first.next! });
    expect(second.rows.map(({ clientOrderId }) => clientOrderId)).toEqual(down(15, 6));
    await close();
  });

  it('fills are found by strategy, instrument and time', async () => {
    const { records, close } = await open(kind.connect);
    const ids = async (filter: Parameters<TradingRecords['fills']>[1]): Promise<string[]> =>
      (await everyPage((page) => records.fills(ID, filter, page), 3)).map(({ tradeId }) => tradeId);
    expect(await ids({})).toEqual(down(25, 1).map((id) => `T-${id}`));
    expect(await ids({ strategy: 'second', instrumentId: 'AAA.SIM' })).toEqual(['T-25', 'T-20']);
    expect(await ids({ from: 5003, to: 5005 })).toEqual(['T-4', 'T-3']);
    await close();
  });

  it('an order comes with all that happened to it, oldest first, as it was written', async () => {
    const manager = await migrated(kind.connect);
    await (await manager.sessions.open(FACTS)).apply({ after: 1, upTo: 9, upToTs: 9, outputs: STORY });
    const story = await manager.records.order(ID, 1);
    expect(story?.order).toEqual({
      clientOrderId: 1,
      venueOrderId: 'V-9',
      strategy: 'first',
      instrumentId: 'BTC-USD.SIM',
      side: 'BUY',
      orderType: 'LIMIT',
      timeInForce: 'GTC',
      status: 'CANCELED',
      isOpen: false,
      flags: 1,
      orderQty: '1.50000000',
      cumQty: '0.50000000',
      leavesQty: '0.00000000',
      limitPrice: '42000.50',
      stopPrice: null,
      filledValue: '21000.2500000000',
      expireTs: null,
      tsInit: 1_000_002,
      tsLast: 1_000_007,
      tag: 'entry "a\\b", {c}',
    });
    expect(story?.events.map(({ sequence, ordinal, kind: what }) => `${sequence}/${ordinal} ${what}`)).toEqual([
      '3/0 OrderInitialized',
      '3/1 OrderSubmitted',
      '4/0 OrderAccepted',
      '8/0 OrderPendingModify',
      '8/1 OrderPendingCancel',
      '8/2 OrderCanceled',
    ]);
    expect(story?.fills.map(({ tradeId, commission }) => `${tradeId} ${commission}`)).toEqual(['T-1 0.0000012345', 'T-2 -0.0000000005']);
    expect(await manager.records.order(ID, 99)).toBeNull();
    await manager.close();
  });

  it('positions, balances, strategies, risk events and log lines are told', async () => {
    const manager = await migrated(kind.connect);
    const { records } = manager;
    await (await manager.sessions.open(FACTS)).apply({ after: 1, upTo: 9, upToTs: 9, outputs: STORY });
    expect(await records.positions(ID)).toMatchObject([
      {
        strategy: 'first',
        instrumentId: 'BTC-USD.SIM',
        positionSide: 'NET',
        quantity: '0.50000000',
        averagePrice: '42000.50',
        openTs: 1_000_003,
      },
    ]);
    expect((await records.balances(ID)).map(({ currency, total, changedTs }) => [currency, total, changedTs])).toEqual([
      ['BTC', '0.50000000', 1_000_003],
      ['USD', '978999.7499987655', 1_000_003],
    ]);
    expect((await records.strategies(ID)).map(({ strategy, status, parameters }) => [strategy, status, parameters])).toEqual([
      ['first', 'RUNNING', { fast: 10, label: 'a\ufffdb', isLong: true }],
      ['second', 'STOPPED', {}],
    ]);
    expect((await records.riskEvents(ID, {}, { limit: 9 })).rows.map(({ kind: what, code }) => [what, code])).toEqual([
      ['ALERT', 'KILL_SWITCH_ON'],
      ['DENIAL', 'TRADING_HALTED'],
    ]);
    expect((await records.riskEvents(ID, { code: 'TRADING_HALTED', from: 1_000_004 }, { limit: 9 })).rows).toHaveLength(1);
    expect((await records.logLines(ID, 'second', { limit: 9 })).rows).toHaveLength(1);
    expect((await records.logLines(ID, 'first', { limit: 9 })).rows).toEqual([]);
    expect(
      (await records.instruments(ID)).map(({ instrumentId, priceIncrement, lotSize }) => [instrumentId, priceIncrement, lotSize]),
    ).toEqual([
      ['BTC-USD.SIM', '0.01', '0.00000001'],
      ['AAA.SIM', '0.01', '1'],
    ]);
    await manager.close();
  });

  it('a curve of equity is whole where it fits, else the last sample of each stretch of time', async () => {
    const { records, close } = await open(kind.connect);
    // Samples at 0, 10 … 990 of 0, 1 … 99 counts of 10^-10 dollars.
    const whole = await records.equity(ID, 'SIM', {}, 1000);
    expect(whole.map(({ ts }) => ts)).toEqual(Array.from({ length: 100 }, (_, index) => 10 * index));
    expect(whole[99]).toEqual({ ts: 990, amount: '0.0000000099', currency: 'USD' });
    // Four stretches of 248 microseconds from 0 on: their last samples are at 240, 490, 740 and 990.
    expect((await records.equity(ID, 'SIM', {}, 4)).map(({ ts }) => ts)).toEqual([240, 490, 740, 990]);
    expect((await records.equity(ID, 'SIM', { from: 100, to: 130 }, 10)).map(({ ts }) => ts)).toEqual([100, 110, 120]);
    expect(await records.equity(ID, 'NOWHERE', {}, 10)).toEqual([]);
    await close();
  });

  it('runs are listed newest first with those that are sessions, and a result comes back as it was stored', async () => {
    const { records, close } = await open(kind.connect);
    const run = { runId: 'b_1', kind: 'BACKTEST', name: 'x', status: 'COMPLETED', startedTs: 500, endedTs: 600, digest: 'd' };
    await records.storeRun(run, { equity: { value: [1.5] } });
    await records.storeRun({ ...run, name: 'y' }, { equity: { value: [2.5] } });
    const runs = await everyPage((page) => records.runs(page), 1);
    expect(runs.map(({ runId, kind: what, name }) => [runId, what, name])).toEqual([
      [ID, 'PAPER', 'two instruments'],
      ['b_1', 'BACKTEST', 'y'],
    ]);
    expect(await records.runResult('b_1')).toEqual({ equity: { value: [2.5] } });
    expect(await records.runResult(ID)).toBeNull();
    await close();
  });

  it('a page of no or too many rows and a cursor that no page gave are refused', async () => {
    const { records, close } = await open(kind.connect);
    for (const page of [{ limit: 0 }, { limit: 1001 }, { limit: 1.5 }, { limit: 5, cursor: "1_1' or '1" }, { limit: 5, cursor: '' }])
      await expect(records.orders(ID, {}, page), JSON.stringify(page)).rejects.toBeInstanceOf(InputError);
    await expect(records.equity(ID, 'SIM', {}, 0)).rejects.toBeInstanceOf(InputError);
    await close();
  });

  it('every question has an index: no table is read through and no page is sorted', async () => {
    const manager = await migrated(kind.connect);
    await fillTables(manager);
    const asked: { readonly text: string; readonly values: readonly SqlValue[] }[] = [];
    const listening = {
      ...manager.connection,
      run: (text: string, values: readonly SqlValue[] = []) => {
        asked.push({ text, values });
        return manager.connection.run(text, values);
      },
      transaction: manager.connection.transaction.bind(manager.connection),
    } as unknown as DatabaseManager['connection'];
    const records = new PostgresRecords(queriesOn(listening));
    const audit = new PostgresAudit(queriesOn(listening), listening);
    const page = { limit: 50 };
    const next = { limit: 50, cursor: '15000_3' };
    const third = { limit: 50, cursor: '15000_15000_0' };
    const auditNext = { limit: 50, cursor: '15000' };
    await records.orders('r3', {}, page);
    await records.orders('r3', {}, next);
    await records.orders('r3', { status: 'ACCEPTED' }, page);
    await records.orders('r3', { status: 'ACCEPTED' }, next);
    await records.orders('r3', { strategy: 's7' }, next);
    await records.orders('r3', { instrumentId: 'i7' }, next);
    await records.orders('r3', { from: 1000, to: 15_000 }, page);
    await records.order('r3', 777);
    await records.fills('r3', {}, third);
    await records.fills('r3', { strategy: 's7', from: 1000 }, third);
    await records.fills('r3', { instrumentId: 'i7' }, third);
    await records.fills('r3', { from: 1000, to: 15_000 }, page);
    await records.riskEvents('r3', { to: 15_000 }, third);
    await records.riskEvents('r3', { code: 'c7' }, third);
    await records.logLines('r3', 's7', next);
    await records.logLines('r3', undefined, next);
    await records.equity('r3', 'a', { from: 5000, to: 5100 }, 10);
    await audit.page({}, auditNext);
    await audit.page({ actor: 'a7' }, auditNext);
    await audit.page({ action: 'c7' }, auditNext);
    await audit.read(15_000, 50);
    await manager.users.byName('nobody');
    expect(asked.length).toBeGreaterThan(20);
    for (const { text, values } of asked) {
      const { rows } = await manager.connection.run(`explain ${text}`, values);
      const plan = rows.map(([line]) => String(line)).join('\n');
      expect(plan, text).toMatch(/Index (Only )?Scan|Bitmap Index Scan/);
      expect(plan, text).not.toMatch(/Seq Scan/);
      // A curve is thinned by stretches, which no index has; everything else comes in the order of one.
      if (!/distinct on/i.test(text)) expect(plan, text).not.toMatch(/Sort/);
    }
    await manager.close();
  });
});

async function open(connect: () => Promise<DatabaseManager>) {
  const manager = await withOrders(connect);
  return { manager, records: manager.records, close: () => manager.close() };
}

/** Four runs of 5,000 rows in every table that grows, so that the planner has reason to use an index. */
async function fillTables(manager: DatabaseManager): Promise<void> {
  const rows = `generate_series(1, 20000) as n`;
  const run = `'r' || (n % 4)`;
  const statements = [
    `insert into quanthybrid.orders select ${run}, n, '', 's' || (n % 9), 'i' || (n % 9), 'BUY', 'LIMIT', 'GTC',
       case when n % 50 = 0 then 'ACCEPTED' else 'FILLED' end, false, 0, 1, 1, 0, 1, null, 1, null, n, n, '' from ${rows}`,
    `insert into quanthybrid.order_events select ${run}, n, 0, n / 4, 'OrderAccepted', null, null, '', null, null, null, n, n from ${rows}`,
    `insert into quanthybrid.fills select ${run}, n, 0, n / 4, 't', 's' || (n % 9), 'i' || (n % 9), 'BUY', 1, 1, 1, 0, 0, 'USD', 'TAKER', n, n, ''
       from ${rows}`,
    `insert into quanthybrid.risk_events select ${run}, n, 0, 'ALERT', 'c' || (n % 9), '', null, null, null, n from ${rows}`,
    `insert into quanthybrid.log_lines select ${run}, n, 0, 's' || (n % 9), 'info', '', n from ${rows}`,
    `insert into quanthybrid.equity select ${run}, 'a', n, 1, 'USD' from ${rows}`,
    `insert into quanthybrid.audit select n, n, 'a' || (n % 9), '', 'c' || (n % 9), '', '', '', '', '' from ${rows}`,
    `analyze`,
  ];
  for (const statement of statements) await manager.connection.run(statement);
}
