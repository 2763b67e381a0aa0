import http from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiWorld } from '../../src/adapters/http/api-world.fixture.ts';
import { makeCurrency } from '../../src/model/currency.ts';
import { OrderStatus } from '../../src/model/order-status.ts';
import type { RiskLimits } from '../../src/core/risk/limits.ts';
import { MemoryIdempotency } from '../../src/security/memory-stores.fixture.ts';
import { Idempotency } from '../../src/security/requests/idempotency.ts';

const ORDERS = 1000;
const CONNECTIONS = 50;

interface Reply {
  readonly status: number;
  readonly body: { readonly clientOrderId?: string; readonly error?: { readonly code: string } };
}

/** Clients that keep their connections open and send as fast as they can. */
class Rush {
  private readonly agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  private readonly world: ApiWorld;

  constructor(world: ApiWorld) {
    this.world = world;
    world.gatekeeper.addKey('trader', 'rush');
  }

  /** All at once, each with the key that it is given. */
  orders(keyOf: (index: number) => string): Promise<readonly Reply[]> {
    return Promise.all(Array.from({ length: ORDERS }, (_, index) => this.order(keyOf(index))));
  }

  end(): void {
    this.agent.destroy();
  }

  private order(key: string): Promise<Reply> {
    const order = { instrument: 'TEST.SIM', side: 'BUY', orderType: 'LIMIT', quantity: '1', limitPrice: '90.00' };
    const headers = { 'content-type': 'application/json', authorization: 'Bearer rush', 'idempotency-key': key };
    const { port } = this.world.server;
    return new Promise((resolve, reject) => {
      const asked = http.request(
        { port, host: '127.0.0.1', path: '/api/v1/orders', method: 'POST', agent: this.agent, headers },
        (answer) => {
          let text = '';
          answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
          answer.on('end', () => resolve({ status: answer.statusCode!, body: JSON.parse(text) as Reply['body'] }));
        },
      );
      asked.on('error', reject);
      asked.end(JSON.stringify(order));
    });
  }
}

describe('1,000 orders at once', () => {
  let world: ApiWorld;
  let rush: Rush;
  afterEach(async () => {
    rush.end();
    await world.close();
  });

  const started = async (options: Parameters<typeof ApiWorld.start>[0]): Promise<void> => {
    world = await ApiWorld.start(options);
    world.advance(1);
    rush = new Rush(world);
  };
  const countOf = (replies: readonly Reply[]): Readonly<Record<string, number>> => {
    const counts: Record<string, number> = {};
    for (const { status, body } of replies) {
      const name = `${status} ${body.error?.code ?? ''}`.trim();
      counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
  };

  // Exposure is valued at the mark of 100.01: 63 come to 6,300.63, and 64 to 6,400.64.
  it.each<readonly [string, RiskLimits, number, string]>([
    ['of open orders', { firm: { maxOpenOrders: 37 } }, 37, 'MAX_OPEN_ORDERS'],
    ['of exposure', { firm: { maxExposure: { currency: makeCurrency('USD', 8), amount: 6_389n * 100_000_000n } } }, 63, 'EXPOSURE_LIMIT'],
  ])('SEC-49: at a limit %s exactly as many pass as it permits', { timeout: 120_000 }, async (_, limits, permitted, code) => {
    await started({ limits });
    const replies = await rush.orders((index) => `rush-${index}`);
    expect(countOf(replies)).toEqual({ '201': permitted, [`422 ${code}`]: ORDERS - permitted });
    expect(world.mirror.openOrders().filter(({ status }) => status === OrderStatus.ACCEPTED)).toHaveLength(permitted);
  });

  it('SEC-50: of one key are one order, and no answer names another', { timeout: 120_000 }, async () => {
    const reported: unknown[] = [];
    const store = new MemoryIdempotency();
    await started({
      once: new Idempotency(store, { now: () => 0, callAt: () => ({ cancel: () => {} }) }, (error) => reported.push(error)),
    });
    const replies = await rush.orders(() => 'the-same');
    expect(reported).toEqual([]);
    expect(world.mirror.openOrders()).toHaveLength(1);
    const placed = replies.filter(({ status }) => status === 201);
    expect(placed.length).toBeGreaterThan(0);
    expect(new Set(placed.map(({ body }) => body.clientOrderId))).toEqual(new Set(['O-1']));
    // While the first is under way nobody knows what comes of it.
    const others = replies.filter(({ status }) => status !== 201);
    expect(others.every(({ status, body }) => status === 409 && body.error!.code === 'IDEMPOTENCY_PENDING')).toBe(true);
  });
});
