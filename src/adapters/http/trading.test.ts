import { afterEach, describe, expect, it } from 'vitest';
import { ApiWorld, BEGIN } from './api-world.fixture.ts';
import { makeCurrency } from '../../model/currency.ts';

const SECOND = 1_000_000;
let world: ApiWorld;
afterEach(() => world.close());

describe('trading by REST', () => {
  it('an order that is placed trades at the next quote, and its life, fill, position and balance can be read', async () => {
    world = await ApiWorld.start();
    world.advance(1);
    const placed = await world.place({ quantity: '3', tag: 'by hand' });
    expect(placed.status).toBe(201);
    expect(placed.body).toMatchObject({
      clientOrderId: 'O-1',
      strategy: 'manual',
      side: 'BUY',
      status: 'ACCEPTED',
      orderQty: '3',
      tag: 'by hand',
    });
    world.advance(1);

    const life = (await world.ask('viewer', 'GET', '/orders/O-1')).body;
    expect(life.order).toMatchObject({ status: 'FILLED', cumQty: '3', leavesQty: '0', avgPx: '100.02' });
    expect(life.events.map(({ kind }: { kind: string }) => kind)).toEqual([
      'OrderInitialized',
      'OrderSubmitted',
      'OrderAccepted',
      'OrderFilled',
    ]);
    expect(life.events[3]).toMatchObject({ lastQty: '3', lastPx: '100.02', tsEvent: BEGIN + 2 * SECOND });

    const fills = (await world.ask('viewer', 'GET', '/fills')).body;
    expect(fills).toMatchObject({
      before: null,
      items: [{ sequence: 1, clientOrderId: 'O-1', lastQty: '3', lastPx: '100.02', commission: '0.00' }],
    });

    // Bought 3 at 100.02, marked at the trade of 100.01: 3 × −0.01.
    const position = (await world.ask('viewer', 'GET', '/positions/TEST.SIM')).body;
    expect(position).toMatchObject({ quantity: '3', value: '300.03', unrealizedPnl: '-0.03', currency: 'USD' });
    expect(position.items[0]).toMatchObject({ strategy: 'manual', positionSide: 'NET', avgPx: '100.02', markPx: '100.01' });

    // 1,000,000 − 3 × 100.02 in cash, and three shares.
    const { items } = (await world.ask('viewer', 'GET', '/balances')).body;
    expect(items).toContainEqual({ venue: 'SIM', currency: 'USD', total: '999699.94', locked: '0.00', free: '999699.94' });
    expect(items).toContainEqual(expect.objectContaining({ currency: 'TEST', total: '3.00' }));

    world.advance(2);
    // Equity stands at the mark: 999,699.94 + 3 × 100.01.
    const { accounts } = (await world.ask('viewer', 'GET', '/portfolio')).body;
    expect(accounts).toEqual([
      expect.objectContaining({ venue: 'SIM', equity: '999999.97', pnl: '-0.03', openPositions: 1, openOrders: 0 }),
    ]);
  });

  it('a limit order rests, is changed and canceled', async () => {
    world = await ApiWorld.start();
    world.advance(1);
    const placed = await world.place({ orderType: 'LIMIT', quantity: '5', limitPrice: '99.50' });
    expect(placed.body).toMatchObject({ status: 'ACCEPTED', limitPrice: '99.50' });
    const changed = await world.ask('trader', 'PATCH', '/orders/O-1', { quantity: '4', limitPrice: '99.4' });
    expect(changed.body).toMatchObject({ status: 'ACCEPTED', orderQty: '4', limitPrice: '99.40' });
    expect((await world.ask('viewer', 'GET', '/orders?standing=open')).body.items).toHaveLength(1);
    expect((await world.ask('trader', 'DELETE', '/orders/O-1')).body.status).toBe('CANCELED');
    expect((await world.ask('trader', 'DELETE', '/orders/O-1')).body.error.code).toBe('ORDER_CLOSED');
    expect((await world.ask('trader', 'DELETE', '/orders/O-7')).status).toBe(404);
    expect((await world.ask('viewer', 'GET', '/orders?standing=open')).body.items).toEqual([]);
  });

  it('an order that risk denies is refused with the code, the limit and what was observed', async () => {
    world = await ApiWorld.start({ limits: { everyInstrument: { maxOrderQty: 10 } } });
    world.advance(1);
    const denied = await world.place({ quantity: '11' });
    expect(denied.status).toBe(422);
    expect(denied.body.error).toMatchObject({ code: 'QUANTITY_EXCEEDS_MAXIMUM', details: { clientOrderId: 'O-1' } });
    expect(denied.body.error.details.denial).toMatchObject({ limit: '10', observed: '11', unit: 'TEST' });
    const { items } = (await world.ask('viewer', 'GET', '/risk/denials')).body;
    expect(items).toEqual([
      expect.objectContaining({ clientOrderId: 'O-1', denial: expect.objectContaining({ limit: '10', observed: '11' }) }),
    ]);
    const { limits } = (await world.ask('viewer', 'GET', '/risk')).body;
    expect(limits).toEqual([
      {
        scope: 'instrument TEST.SIM',
        target: { kind: 'INSTRUMENT', instrument: 'TEST.SIM' },
        name: 'maxOrderQty',
        limit: '10',
        value: '10',
        used: null,
        unit: 'TEST',
      },
    ]);
  });

  it('lists of orders come in pages, newest first, without a hole and without a double', async () => {
    world = await ApiWorld.start();
    world.advance(1);
    for (let count = 0; count < 7; count += 1) await world.place({ orderType: 'LIMIT', limitPrice: '90.00' });
    const seen: string[] = [];
    let before: number | null = null;
    do {
      const page: { items: { clientOrderId: string }[]; before: number | null } = (
        await world.ask('viewer', 'GET', `/orders?limit=3${before === null ? '' : `&before=${before}`}`)
      ).body;
      seen.push(...page.items.map(({ clientOrderId }) => clientOrderId));
      before = page.before;
    } while (before !== null);
    expect(seen).toEqual(['O-7', 'O-6', 'O-5', 'O-4', 'O-3', 'O-2', 'O-1']);
  });

  it('SEC-49: of 1,000 orders at once exactly as many pass as the limit permits', async () => {
    world = await ApiWorld.start({ limits: { everyInstrument: { maxLongQty: 250 } } });
    world.advance(1);
    const replies = await Promise.all(
      Array.from({ length: 1000 }, (_, index) => world.place({ orderType: 'LIMIT', limitPrice: '90.00' }, `parallel-${index}`)),
    );
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(250);
    const codes = replies.filter(({ status }) => status !== 201).map(({ body }) => body.error.code);
    expect(new Set(codes)).toEqual(new Set(['POSITION_LIMIT']));
    expect(world.mirror.openOrders().reduce((sum, { orderQty }) => sum + orderQty, 0)).toBe(250);
    const { limits } = (await world.ask('viewer', 'GET', '/risk')).body;
    expect(limits).toEqual([expect.objectContaining({ name: 'maxLongQty', limit: '250', used: '250' })]);
  });

  it('SEC-50: the same key twice has one effect and one answer, another body under it is a conflict', async () => {
    world = await ApiWorld.start();
    world.advance(1);
    const [first, second] = await Promise.all([world.place({}, 'same'), world.place({}, 'same')]);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
    const other = await world.place({ quantity: '2' }, 'same');
    expect([other.status, other.body.error.code]).toEqual([409, 'IDEMPOTENCY_CONFLICT']);
    expect((await world.ask('viewer', 'GET', '/orders')).body.items).toHaveLength(1);
    const none = await world.ask('trader', 'POST', '/orders', { instrument: 'TEST.SIM', side: 'BUY', orderType: 'MARKET', quantity: '1' });
    expect([none.status, none.body.error.code]).toEqual([400, 'IDEMPOTENCY_KEY_INVALID']);
  });

  it('the kill switch cancels, denies, and is released by a confirmed act only', async () => {
    world = await ApiWorld.start();
    world.advance(1);
    await world.place({ orderType: 'LIMIT', limitPrice: '90.00' });
    const thrown = await world.ask('trader', 'POST', '/kill-switch', { scope: { kind: 'FIRM' }, flatten: false, reason: 'test' });
    expect(thrown.body).toMatchObject({ state: 'HALTED', isKilled: true });
    expect((await world.ask('viewer', 'GET', '/orders/O-1')).body.order.status).toBe('CANCELED');
    expect((await world.place({})).body.error.code).toBe('TRADING_HALTED');
    const held = await world.ask('trader', 'PUT', '/trading-state', { scope: { kind: 'FIRM' }, state: 'REDUCING', reason: '' });
    expect(held.body.error.code).toBe('TRADING_STATE_HELD');

    const { cookie, csrf } = await world.signIn('risk');
    const browser = { cookie, 'x-csrf-token': csrf };
    const release = (): Promise<{ status: number; body: never }> =>
      world.send('POST', '/kill-switch/release', { scope: { kind: 'FIRM' }, reason: 'over' }, browser) as never;
    expect((await release()).status).toBe(403);
    await world.send('POST', '/auth/step-up', { act: 'kill:reset', proof: 'correct horse battery staple' }, browser);
    expect((await release()).body).toMatchObject({ state: 'ACTIVE', isKilled: false, switches: [] });
    expect(world.audit.notes.map(({ action }) => action)).toEqual([
      'ORDER_PLACED',
      'KILL_SWITCH_THROWN',
      'ORDER_PLACED',
      'KILL_SWITCH_RESET',
    ]);
  });

  it('a limit is tightened by whoever may, raised by a confirmed act only, and both are in the record with old and new value', async () => {
    world = await ApiWorld.start({ limits: { everyInstrument: { maxOrderQty: 10 } } });
    world.advance(1);
    const body = (value: string | null): object => ({
      scope: { kind: 'INSTRUMENT', instrument: 'TEST.SIM' },
      name: 'maxOrderQty',
      value,
      reason: 'test',
    });
    expect((await world.ask('trader', 'PUT', '/risk/limits', body('5'))).status).toBe(403);
    const tightened = await world.ask('risk', 'PUT', '/risk/limits', body('5'));
    expect(tightened.body.limits).toMatchObject([{ scope: 'instrument TEST.SIM', name: 'maxOrderQty', limit: '5' }]);
    expect((await world.place({ quantity: '6' })).body.error.code).toBe('QUANTITY_EXCEEDS_MAXIMUM');
    const raised = await world.ask('risk', 'PUT', '/risk/limits', body('6'));
    expect([raised.status, raised.body.error.code]).toEqual([403, 'RISK_LIMIT_RAISED']);
    const nonsense = await world.ask('risk', 'PUT', '/risk/limits', body('six'));
    expect([nonsense.status, nonsense.body.error.code]).toEqual([422, 'RISK_LIMIT_INVALID']);

    const { cookie, csrf } = await world.signIn('risk');
    const browser = { cookie, 'x-csrf-token': csrf };
    const raise = () => world!.send('PUT', '/risk/limits/raise', body('6'), browser);
    expect((await raise()).status).toBe(403);
    await world.send('POST', '/auth/step-up', { act: 'risk:raise', proof: 'correct horse battery staple' }, browser);
    expect((await raise()).body.limits).toEqual([expect.objectContaining({ limit: '6' })]);
    expect((await world.place({ quantity: '6' })).status).toBe(201);
    const { items } = (await world.ask('viewer', 'GET', '/risk/alerts')).body;
    expect(items.map(({ message }: { message: string }) => message)).toEqual([
      expect.stringMatching(/^maxOrderQty of instrument TEST.SIM from 5 TEST to 6 TEST, .*risk.*: test$/),
      expect.stringMatching(/^maxOrderQty of instrument TEST.SIM from 10 TEST to 5 TEST, .*risk.*: test$/),
    ]);
    expect(world.audit.notes.find(({ action }) => action === 'LIMIT_CHANGED')).toMatchObject({
      subject: 'maxOrderQty of instrument TEST.SIM',
      before: { limit: '10' },
      after: { value: '5', reason: 'test' },
    });
  });

  it('one position is closed for whom it belongs to, written down, and refused where nothing is held', async () => {
    world = await ApiWorld.start();
    world.advance(1);
    const flatten = (strategy: string, role: 'trader' | 'viewer' = 'trader') =>
      world.ask(role, 'POST', '/positions/TEST.SIM/flatten', { strategy });
    expect([(await flatten('manual')).status, (await flatten('manual')).body.error.code]).toEqual([409, 'POSITION_FLAT']);
    await world.place({ quantity: '3' });
    world.advance(1);
    expect((await flatten('manual', 'viewer')).body.error.code).toBe('AUTH_RIGHT_MISSING');
    expect((await flatten('nobody')).body.error.code).toBe('STRATEGY_UNKNOWN');
    const closing = await flatten('manual');
    expect([closing.status, closing.body]).toMatchObject([
      201,
      { side: 'SELL', orderType: 'MARKET', orderQty: '3', tag: 'flatten by hand' },
    ]);
    // Asked again while the first is under way: sized at its fill, the second has nothing left to do.
    const again = await flatten('manual');
    world.advance(1);
    expect((await world.ask('viewer', 'GET', '/positions/TEST.SIM')).body.quantity).toBe('0');
    const lateOrder = (await world.ask('viewer', 'GET', `/orders/${again.body.clientOrderId}`)).body.order;
    expect(lateOrder).toMatchObject({ status: 'CANCELED', cumQty: '0' });
    expect(world.audit.notes.map(({ action }) => action)).toEqual(['ORDER_PLACED', 'POSITION_FLATTENED', 'POSITION_FLATTENED']);
  });

  it('what is held is shown under other prices, exactly, and stands against the limit of exposure', async () => {
    world = await ApiWorld.start({
      limits: { firm: { maxExposure: { amount: 1_000n * 100_000_000n, currency: makeCurrency('USD', 8) } } },
    });
    world.advance(1);
    expect((await world.ask('viewer', 'GET', '/risk/scenarios')).body.currencies).toEqual([]);
    await world.place({ quantity: '3' });
    world.advance(1);
    // 3 at 100.01 are worth 300.03; a fifth of that is 60.006.
    const { shocks, currencies } = (await world.ask('viewer', 'GET', '/risk/scenarios')).body;
    expect(shocks).toEqual(['-0.2', '-0.1', '-0.05', '0.05', '0.1', '0.2']);
    const pnl = ['-60.006', '-30.003', '-15.0015', '15.0015', '30.003', '60.006'];
    expect(currencies).toEqual([{ currency: 'USD', rows: [{ instrument: 'TEST.SIM', value: '300.03', pnl }], historical: null }]);
    const { limits } = (await world.ask('viewer', 'GET', '/risk')).body;
    expect(limits).toMatchObject([{ scope: 'firm', name: 'maxExposure', limit: '1000.00', used: '300.03', unit: 'USD' }]);
  });

  it('SEC-48: where the audit log cannot be written nothing is placed, and the kill switch works all the same', async () => {
    world = await ApiWorld.start();
    world.advance(1);
    world.audit.isBroken = true;
    expect((await world.place({})).status).toBe(503);
    expect((await world.ask('viewer', 'GET', '/orders')).body.items).toEqual([]);
    expect((await world.ask('trader', 'POST', '/kill-switch', { scope: { kind: 'FIRM' }, flatten: false, reason: '' })).status).toBe(200);
    expect(world.mirror.tradingSwitches()).toHaveLength(1);
  });

  it('a strategy is stopped, started and given other parameters; a bad one stops nothing', async () => {
    world = await ApiWorld.start();
    world.advance(1);
    const bad = await world.ask('trader', 'PUT', '/strategies/sleeper/parameters', { parameters: { size: 10 } });
    expect([bad.status, bad.body.error.code]).toEqual([422, 'PARAMETER_INVALID']);
    expect((await world.ask('viewer', 'GET', '/strategies/sleeper')).body.status).toBe('RUNNING');
    const changed = await world.ask('trader', 'PUT', '/strategies/sleeper/parameters', { parameters: { size: 9 } });
    expect(changed.body).toMatchObject({ status: 'RUNNING', parameters: { size: 9 } });
    expect((await world.ask('trader', 'POST', '/strategies/sleeper/stop', { openOrders: 'keep', reason: 'enough' })).body).toMatchObject({
      status: 'STOPPED',
      reason: 'enough',
      parameters: { size: 9 },
    });
    expect((await world.ask('trader', 'POST', '/strategies/sleeper/start', {})).body).toMatchObject({
      status: 'RUNNING',
      parameters: { size: 9 },
    });
    expect((await world.ask('trader', 'POST', '/strategies/manual/stop', { openOrders: 'keep', reason: '' })).body.error.code).toBe(
      'STRATEGY_MANUAL',
    );
    expect((await world.ask('viewer', 'GET', '/log')).body.items.map(({ message }: { message: string }) => message)).toEqual([
      'awake',
      'awake',
      'awake',
    ]);
  });

  it('prices, trades, candles and the book are those of the rows that came', async () => {
    world = await ApiWorld.start();
    world.advance(3);
    const price = (await world.ask('viewer', 'GET', '/instruments/TEST.SIM/price')).body;
    expect(price).toMatchObject({
      price: '100.01',
      quote: { bidPrice: '100.00', askSize: '600' },
      trade: { sequence: 3, quantity: '10', aggressorSide: 'BUY' },
    });
    const { candles } = (await world.ask('viewer', 'GET', '/instruments/TEST.SIM/candles?interval=1m')).body;
    expect(candles).toEqual([{ tsOpen: BEGIN, open: '100.01', high: '100.01', low: '100.01', close: '100.01', volume: '30' }]);
    const book = (await world.ask('viewer', 'GET', '/instruments/TEST.SIM/book')).body;
    expect(book).toMatchObject({
      isDepth: false,
      bids: [{ price: '100.00', quantity: '500' }],
      asks: [{ price: '100.02', quantity: '600' }],
    });
    expect((await world.ask('viewer', 'GET', '/instruments/NONE.SIM/price')).status).toBe(404);
  });

  it('health says what is down, and a server that is not ready says so', async () => {
    world = await ApiWorld.start();
    world.advance(2);
    expect((await world.send('GET', '/health/live')).body).toEqual({ live: true });
    expect((await world.send('GET', '/health/ready')).status).toBe(200);
    expect((await world.ask('viewer', 'GET', '/health')).body).toMatchObject({
      state: 'OK',
      marketData: [{ instrument: 'TEST.SIM', ageUs: 0 }],
    });
    world.components = [{ name: 'database', state: 'DOWN', detail: 'connection refused' }];
    expect((await world.send('GET', '/health/ready')).status).toBe(503);
    expect((await world.ask('viewer', 'GET', '/health')).body.state).toBe('DOWN');
  });

  it('what a restarted session tells is what it told before', async () => {
    world = await ApiWorld.start();
    world.advance(1);
    await world.place({ quantity: '3' });
    world.advance(2);
    const told = async () => {
      const paths = [
        '/orders/O-1',
        '/fills',
        '/positions',
        '/balances',
        '/portfolio',
        '/strategies',
        '/log',
        '/instruments/TEST.SIM/price',
      ];
      return Promise.all(paths.map(async (path) => (await world.ask('viewer', 'GET', path)).body));
    };
    const before = await told();
    const journal = world.journal.cutAt(world.journal.lastSequence);
    await world.close();
    world = await ApiWorld.start({ journal });
    expect(await told()).toEqual(before);
  });
});
