import { OutputCollector } from './output-collector.ts';
import type { OperatorDesk } from './operator-desk.ts';
import { currenciesOf } from './session-currencies.ts';
import { loopSpecOf, OPERATOR_NAME, type PlanParts, type SessionPlan } from './session-plan.ts';
import { TradingLoop, type TradingLoopState } from '../trading-loop.ts';
import { assert, unreachable } from '../../base/assert.ts';
import { changedLimits } from '../../core/risk/limit-change.ts';
import { StrategyMistake } from '../../core/strategy/strategy-mistake.ts';
import type { MarketBlock } from '../../model/blocks.ts';
import { isOpenStatus } from '../../model/order-status.ts';
import { type ParameterValue, resolveParameters } from '../../model/parameters.ts';
import type { CommandAnswer, SessionCommand, SessionInput } from '../../model/session-input.ts';
import type { SessionOutput } from '../../model/session-output.ts';
import { refuseOtherVersion } from '../../model/state-refused.ts';

/** Place of the plan in the journal. */
export const PLAN_SEQUENCE = 1;

/** What {@link SessionCoreState} looks like; the engine in it has a version of its own. */
export const CORE_STATE_VERSION = 1;

/** A whole core between two inputs, as plain data. Source: docs/concepts/state.md */
export interface SessionCoreState {
  readonly version: number;
  readonly sequence: number;
  readonly now: number;
  readonly isStarted: boolean;
  readonly failures: readonly (string | null)[];
  readonly loop: TradingLoopState;
}

/** What an input came to; `answer` to a command only. */
export interface Taken {
  readonly output: SessionOutput;
  readonly answer: CommandAnswer | null;
}

/**
 * The deciding part of a session: inputs in, outputs out, with no clock, no files and no chance of its own. The same plan and the same inputs give the same
 * outputs, wherever and whenever: a session that runs, one that recovers, and a replay are this machine.
 *
 * Source: docs/decisions/0022-sessions.md
 */
export class SessionCore {
  readonly loop: TradingLoop;
  /** Time of the last input. */
  now: number;
  /** Number of the last input. The plan is the first record of a session, so inputs begin with 2. */
  sequence = PLAN_SEQUENCE;
  private readonly plan: SessionPlan;
  private readonly parts: PlanParts;
  private readonly collector: OutputCollector;
  private readonly operator: number;
  private isStarted = false;
  /** Rows whose time is not complete: the next input has more of it. */
  private held: MarketBlock[] = [];
  /** By strategy: what it threw, as far as it was told. */
  private readonly failures: (string | null)[] = [];

  constructor(plan: SessionPlan, parts: PlanParts) {
    this.plan = plan;
    this.parts = parts;
    this.now = plan.startTs;
    this.operator = plan.strategies.length;
    this.loop = new TradingLoop(loopSpecOf(plan, parts), {
      onRecord: (record) => this.collector.note(record),
      onSample: (ts) => this.collector.noteSample(ts),
    });
    this.collector = new OutputCollector(this.loop, plan.strategies.length + 1);
  }

  /** When something is due though no input comes: whoever feeds it sends CLOCK then. Infinity for never. */
  get dueTs(): number {
    return this.loop.dueTs;
  }

  /**
   * Takes the next input.
   *
   * @throws StrategyMistake, and what strategies throw: the session ends then
   */
  take(sequence: number, input: SessionInput): Taken {
    assert(sequence === this.sequence + 1, `input ${sequence} comes after input ${this.sequence}`);
    assert(input.ts >= this.now, `an input of ${input.ts} comes after one of ${this.now}`);
    this.sequence = sequence;
    if (!this.isStarted) this.start(input.ts);
    const answer = this.act(input);
    this.now = input.ts;
    this.noteFailures();
    this.loop.takeRecords();
    return { output: this.collector.take(sequence, input.ts), answer };
  }

  /** The digest of everything so far: two sessions with the same digest decided the same. */
  digest(): string {
    return this.loop.digest();
  }

  /** Between inputs. @throws StrategyMistake that names the field of a strategy that cannot be saved */
  saveState(): SessionCoreState {
    assert(this.held.length === 0, 'a core is saved when all of an instant has come');
    const { sequence, now, isStarted, failures, loop } = this;
    return { version: CORE_STATE_VERSION, sequence, now, isStarted, failures: [...failures], loop: loop.saveState() };
  }

  /** Goes on where another left off. Of a core of the same plan that has taken nothing; one that refuses is of no use any more. @throws StateRefused */
  loadState(state: SessionCoreState): void {
    refuseOtherVersion('a session', state.version, [CORE_STATE_VERSION]);
    assert(this.sequence === PLAN_SEQUENCE && !this.isStarted, 'a state is loaded into a core that has taken nothing');
    this.loop.loadState(state.loop);
    this.sequence = state.sequence;
    this.now = state.now;
    this.isStarted = state.isStarted;
    this.failures.push(...state.failures);
    this.collector.goOn();
  }

  private start(ts: number): void {
    this.isStarted = true;
    this.loop.start(ts);
    for (const [strategy, { parameters }] of this.plan.strategies.entries())
      this.collector.noteStrategy({ strategy, status: 'RUNNING', parameters, reason: '' });
  }

  private noteFailures(): void {
    for (let strategy = 0; strategy < this.operator; strategy += 1) {
      const reason = this.loop.engine.strategies.failureOf(strategy);
      if (reason === (this.failures[strategy] ?? null)) continue;
      this.failures[strategy] = reason;
      if (reason !== null) this.collector.noteStrategy({ strategy, status: 'FAILED', parameters: this.parametersOf(strategy), reason });
    }
  }

  private act(input: SessionInput): CommandAnswer | null {
    if (input.kind !== 'ROWS') this.takeHeld();
    switch (input.kind) {
      case 'ROWS':
        this.held.push(input.block);
        if (input.goesOn !== true) this.takeHeld();
        return null;
      case 'CLOCK':
        this.loop.settleBefore(input.ts);
        return null;
      case 'GAP':
        this.takeGap(input);
        return null;
      case 'ACCOUNT':
        this.loop.settleBefore(input.ts);
        this.loop.takeAccountEvent(input.event);
        return null;
      case 'PHASE':
        this.loop.settleBefore(input.ts);
        this.takePhase(input);
        return null;
      case 'COMMAND':
        this.loop.settleBefore(input.ts);
        return this.obey(input.command, input.actor, input.ts);
      default:
        return unreachable(input);
    }
  }

  private takeHeld(): void {
    const { held, loop } = this;
    if (held.length === 0) return;
    this.held = [];
    for (const block of held) loop.venues.tell(block);
    for (const block of held) this.takeRows(block);
    const last = held.at(-1)!;
    loop.venues.playTold(last.tsInit[last.length - 1]!);
    loop.carryOut();
  }

  private takeRows(block: MarketBlock): void {
    const { loop } = this;
    for (let row = 0; row < block.length; ) {
      const dueTs = loop.settleBefore(block.tsInit[row]!);
      row = loop.takeRows(block, row, block.length, block.length, dueTs, Number.POSITIVE_INFINITY);
    }
  }

  private takePhase({ instrument, phase, reason, ts }: Extract<SessionInput, { kind: 'PHASE' }>): void {
    this.loop.engine.apply({ kind: 'Phase', instrument, phase, reason }, ts);
    this.loop.carryOut();
  }

  private takeGap({ ts, tsFrom, tsTo, instruments }: Extract<SessionInput, { kind: 'GAP' }>): void {
    assert(tsFrom <= tsTo && tsTo <= ts, `a gap from ${tsFrom} to ${tsTo} is told at ${ts}`);
    this.loop.settleBefore(ts);
    for (const instrument of instruments ?? this.loop.engine.instruments.keys()) {
      const gap = { kind: 'DataGap', instrument, tsFrom, tsTo, reason: 'MARKED', tsEvent: ts, tsInit: ts } as const;
      this.loop.engine.apply({ kind: 'Gap', gap }, ts);
      this.loop.carryOut();
    }
  }

  /** A strategy's mistake is the answer to who asked; nothing was done then. */
  private obey(command: SessionCommand, actor: string, ts: number): CommandAnswer {
    try {
      const answer = this.perform(command, actor, ts);
      this.loop.carryOut();
      return answer;
    } catch (error) {
      if (!(error instanceof StrategyMistake)) throw error;
      this.loop.carryOut();
      return refused(error.code, error.message);
    }
  }

  private perform(command: SessionCommand, actor: string, ts: number): CommandAnswer {
    const { engine } = this.loop;
    switch (command.kind) {
      case 'PlaceOrder': {
        if (engine.instruments[command.order.instrument] === undefined)
          return refused('INSTRUMENT_UNKNOWN', 'There is no such instrument.');
        const id = engine.strategies.ask(this.operator, ts, (desk) => (desk as OperatorDesk).place(command.order));
        return done(id);
      }
      case 'CancelOrder':
        return this.cancel(command.clientOrderId, ts);
      case 'ModifyOrder':
        return this.modify(command, ts);
      case 'CancelAll':
        engine.orders.cancelAll(
          {
            ...(command.strategy === null ? {} : { strategy: command.strategy }),
            ...(command.instrument === null ? {} : { instrument: command.instrument }),
          },
          Math.max(engine.now, ts),
        );
        return DONE;
      case 'FlattenPosition':
        return this.flatten(command, ts);
      case 'StopStrategy':
        return this.stopStrategy(command, ts);
      case 'StartStrategy':
        return this.startStrategy(command.strategy, command.parameters, ts);
      case 'SetTradingState':
        engine.apply({ kind: 'TradingState', scope: command.scope, state: command.state, reason: `${actor}: ${command.reason}` }, ts);
        return DONE;
      case 'Kill':
        engine.apply({ kind: 'Kill', scope: command.scope, flatten: command.flatten, reason: `${actor}: ${command.reason}` }, ts);
        return DONE;
      case 'Release':
        engine.apply({ kind: 'Release', scope: command.scope, reason: `${actor}: ${command.reason}` }, ts);
        return DONE;
      case 'ChangeLimit':
        return this.changeLimit(command, actor, ts);
      default:
        return unreachable(command);
    }
  }

  private changeLimit(command: Extract<SessionCommand, { kind: 'ChangeLimit' }>, actor: string, ts: number): CommandAnswer {
    const { engine } = this.loop;
    const { name, reason, mayRaise } = command;
    const changed = changedLimits(engine.risk.limits, command, {
      instruments: engine.instruments,
      strategyNames: [...this.plan.strategies.map((each) => each.name), OPERATOR_NAME],
      currencies: currenciesOf(this.plan.accounts, engine.instruments),
    });
    if (typeof changed === 'string') return refused('RISK_LIMIT_INVALID', changed);
    const { whose, from, to, isRaised, limits } = changed;
    if (isRaised && !mayRaise) return refused('RISK_LIMIT_RAISED', `${name} of ${whose} would go from ${from} to ${to}.`);
    engine.apply({ kind: 'Limits', limits, what: `${name} of ${whose} from ${from} to ${to}, ${actor}: ${reason}` }, ts);
    return DONE;
  }

  private cancel(id: number, ts: number): CommandAnswer {
    const { orders } = this.loop.engine;
    if (!orders.table.has(id)) return refused('ORDER_UNKNOWN', `There is no order ${id}.`);
    if (!isOpenStatus(orders.status(id))) return refused('ORDER_CLOSED', `Order ${id} has ended.`);
    orders.requestCancel(id, Math.max(this.loop.engine.now, ts));
    return done(id);
  }

  /** Whoever's order it is: a change passes risk like any. */
  private modify(command: Extract<SessionCommand, { kind: 'ModifyOrder' }>, ts: number): CommandAnswer {
    const { engine } = this.loop;
    const { clientOrderId: id, quantity, limitPrice, stopPrice } = command;
    if (!engine.orders.table.has(id)) return refused('ORDER_UNKNOWN', `There is no order ${id}.`);
    if (!isOpenStatus(engine.orders.status(id))) return refused('ORDER_CLOSED', `Order ${id} has ended.`);
    engine.strategies.ask(engine.orders.table.strategy[id]!, ts, (strategy) => {
      strategy.modifyOrder(id, {
        ...(quantity === undefined ? {} : { quantity }),
        ...(limitPrice === undefined ? {} : { limitPrice }),
        ...(stopPrice === undefined ? {} : { stopPrice }),
      });
    });
    return done(id);
  }

  /** An order of the strategy itself, sized at its fill to what is held then: it passes risk like any, and never opens a position. */
  private flatten({ strategy, instrument, tag }: Extract<SessionCommand, { kind: 'FlattenPosition' }>, ts: number): CommandAnswer {
    const { engine } = this.loop;
    if (engine.instruments[instrument] === undefined) return refused('INSTRUMENT_UNKNOWN', 'There is no such instrument.');
    if (!(strategy in this.plan.strategies) && strategy !== this.operator)
      return refused('STRATEGY_UNKNOWN', `There is no strategy ${strategy}.`);
    const id = engine.strategies.ask(strategy, ts, (desk) => desk.flatten(instrument, { tag }));
    return id === 0 ? refused('POSITION_FLAT', 'Nothing is held there.') : done(id);
  }

  private stopStrategy(command: Extract<SessionCommand, { kind: 'StopStrategy' }>, ts: number): CommandAnswer {
    const { engine } = this.loop;
    const { strategy, openOrders, reason } = command;
    if (!(strategy in this.plan.strategies)) return refused('STRATEGY_UNKNOWN', `There is no strategy ${strategy}.`);
    if (!engine.strategies.isRunning(strategy)) return refused('STRATEGY_STOPPED', `${this.plan.strategies[strategy]!.name} does not run.`);
    engine.strategies.stop(strategy, ts);
    this.loop.carryOut();
    if (openOrders === 'cancel') engine.orders.cancelAll({ strategy }, engine.now);
    this.collector.noteStrategy({ strategy, status: 'STOPPED', parameters: this.parametersOf(strategy), reason });
    return DONE;
  }

  private startStrategy(strategy: number, given: Readonly<Record<string, ParameterValue>>, ts: number): CommandAnswer {
    const { engine } = this.loop;
    const planned = this.plan.strategies[strategy];
    if (planned === undefined) return refused('STRATEGY_UNKNOWN', `There is no strategy ${strategy}.`);
    if (engine.strategies.isRunning(strategy)) return refused('STRATEGY_RUNNING', `${planned.name} runs; stop it first.`);
    const descriptors = this.parts.classOf(planned.source).parameters ?? {};
    const { values, refusals } = resolveParameters(descriptors, { ...this.parametersOf(strategy), ...given });
    if (refusals.length > 0) return refused('PARAMETER_INVALID', refusals.map(({ message }) => message).join('; '));
    engine.strategies.start(strategy, values, ts);
    this.collector.noteStrategy({ strategy, status: 'RUNNING', parameters: values, reason: '' });
    return DONE;
  }

  private parametersOf(strategy: number): Readonly<Record<string, ParameterValue>> {
    return this.loop.engine.strategies.parametersOf(strategy) as Readonly<Record<string, ParameterValue>>;
  }
}

const DONE: CommandAnswer = { isDone: true, clientOrderId: null };

function done(clientOrderId: number): CommandAnswer {
  return { isDone: true, clientOrderId };
}

function refused(code: string, reason: string): CommandAnswer {
  return { isDone: false, code, reason };
}
