import { ApiWorld } from '../../src/adapters/http/api-world.fixture.ts';
import type { Role } from '../../src/model/rights.ts';
import { MemoryAccounts } from './memory-accounts.ts';
import { must } from './target.ts';

/** Requests after which a new world is made: what was accepted piles up. */
const REQUESTS_MAX = 1000;

/** What a client that was refused must find unchanged. */
interface Standing {
  readonly sequence: number;
  readonly openOrders: number;
  readonly fills: number;
  readonly positions: string;
  readonly switches: string;
  readonly limits: string;
  readonly strategies: string;
  readonly users: string;
  readonly keys: string;
  readonly signIns: string;
  /** Acts that were written down. */
  readonly acts: number;
}

/** What a refusal of the session itself may raise. */
const MAY_COUNT: ReadonlySet<keyof Standing> = new Set(['sequence', 'acts']);

/** A real session behind a real server, with keys of all roles; made anew from time to time. */
export class ApiDesk {
  world!: ApiWorld;
  accounts!: MemoryAccounts;
  private requests = 0;

  static async open(): Promise<ApiDesk> {
    const desk = new ApiDesk();
    await desk.restart();
    return desk;
  }

  /** Before each request. */
  async ready(): Promise<void> {
    this.requests += 1;
    if (this.requests > REQUESTS_MAX) await this.restart();
  }

  async restart(): Promise<void> {
    await this.world?.close();
    this.requests = 0;
    this.world = await ApiWorld.start({ accounts: (clock) => (this.accounts = new MemoryAccounts(clock)) });
    this.world.advance(3);
    for (const role of ['viewer', 'trader', 'risk', 'admin'] as const) this.world.gatekeeper.addKey(role, keyOf(role));
    await this.world.place({ orderType: 'LIMIT', limitPrice: '90.00' });
    await this.world.place({});
  }

  standing(): Standing {
    const { mirror, session } = this.world;
    return {
      sequence: session.sequence,
      openOrders: mirror.openOrders().length,
      fills: mirror.fills({ strategy: null, instrument: null }, { limit: 1000 }).items.length,
      positions: text(mirror.positions()),
      switches: text(mirror.tradingSwitches()),
      limits: text(mirror.limits()),
      strategies: text(mirror.strategies()),
      users: text([this.accounts.usersByName, this.accounts.factor]),
      keys: text(this.accounts.keysById),
      signIns: this.world.gatekeeper.standing,
      acts: this.world.audit.notes.length,
    };
  }

  /** A refusal may leave a denied order behind, the number that it took and what was written down of the asking, and nothing else. */
  holds(before: Standing, mayCount: boolean): void {
    const after = this.standing();
    for (const part of Object.keys(before) as (keyof Standing)[])
      if (!(mayCount && MAY_COUNT.has(part))) must(after[part] === before[part], `${part} were ${before[part]} and are ${after[part]}`);
    const [first] = this.world.reported;
    must(first === undefined, `the server reported ${first instanceof Error ? (first.stack ?? first.message) : String(first)}`);
    must(this.world.session.phase === 'RUNNING' || this.world.session.phase === 'WARMING_UP', `the session is ${this.world.session.phase}`);
  }

  async close(): Promise<void> {
    await this.world.close();
  }
}

export function keyOf(role: Role): string {
  return `key-of-${role}`;
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'bigint' ? String(each) : each instanceof Map || each instanceof Set ? [...each] : each,
  );
}
