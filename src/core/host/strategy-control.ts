import { assert } from '../../base/assert.ts';
import type { Strategy } from '../strategy/strategy.ts';
import type { StrategyHost } from './strategy-host.ts';

/** The engine, as far as whoever steers strategies needs it. */
interface Steered {
  /** Time comes to this instant. */
  readonly comeTo: (ts: number) => void;
  /** Strategies are told what that led to. */
  readonly notify: () => void;
}

/** Steers the strategies of an engine while it runs: what a person or a program asks of them from outside. Strategies are named by their index. */
export class StrategyControl {
  private readonly hosts: readonly StrategyHost[];
  private readonly engine: Steered;

  constructor(hosts: readonly StrategyHost[], engine: Steered) {
    this.hosts = hosts;
    this.engine = engine;
  }

  /** Those that never asked for market data nor for a timer: nothing calls them. */
  get idle(): readonly number[] {
    return this.hosts.flatMap((host, index) => (host.isIdle ? [index] : []));
  }

  isRunning(strategy: number): boolean {
    return this.host(strategy).isRunning;
  }

  /** What a strategy threw that was stopped for it; null where it threw nothing since its start. */
  failureOf(strategy: number): string | null {
    return this.host(strategy).failure;
  }

  parametersOf(strategy: number): Readonly<Record<string, unknown>> {
    return this.host(strategy).parameters;
  }

  /** Has a strategy do something now, as if it had decided to. */
  ask<T>(strategy: number, ts: number, work: (strategy: Strategy) => T): T {
    this.engine.comeTo(ts);
    const answer = work(this.host(strategy).strategy);
    this.engine.notify();
    return answer;
  }

  /** Stops a strategy that runs; its orders stay. */
  stop(strategy: number, ts: number): void {
    this.engine.comeTo(ts);
    this.host(strategy).stop();
    this.engine.notify();
  }

  /** Starts a strategy that was stopped, with a fresh instance. @param parameters checked against its descriptors */
  start(strategy: number, parameters: Readonly<Record<string, unknown>>, ts: number): void {
    this.engine.comeTo(ts);
    this.host(strategy).start(parameters);
    this.engine.notify();
  }

  /** Puts a fresh instance with a saved state in a strategy's place: what a restart does. */
  restart(strategy: number): void {
    this.host(strategy).restart();
  }

  private host(strategy: number): StrategyHost {
    const host = this.hosts[strategy];
    if (host === undefined) assert(false, `no strategy ${strategy}`);
    return host;
  }
}
