import type { VenueCommand } from '../model/commands.ts';
import type { AccountEvent, Alert, DataGap, OrderEvent } from '../model/events.ts';

/** A line that a strategy wrote. */
export interface LogLine {
  readonly kind: 'LogLine';
  readonly strategy: number;
  readonly level: 'info' | 'warn';
  readonly message: string;
  readonly tsInit: number;
}

/** What the outside keeps of what has happened: journal, database, reports. */
export type Recorded = OrderEvent | AccountEvent | DataGap | Alert | LogLine;

/**
 * What the core wants done, in order. The core appends; the runtime carries out and clears (law 4).
 * `count` is what the hot loop looks at after each handler.
 */
export class Effects {
  count = 0;
  /** How many of `records` strategies have been told; the engine's own mark. */
  notified = 0;
  /*
   * Both are appended to by index: a list that is born empty has one layout before its first element and another after, and a `push`
   * that has met both is a call.
   */
  readonly commands: VenueCommand[] = [];
  readonly records: Recorded[] = [];

  send(command: VenueCommand): void {
    const { commands } = this;
    commands[commands.length] = command;
    this.count += 1;
  }

  record(event: Recorded): void {
    const { records } = this;
    records[records.length] = event;
    this.count += 1;
  }

  /**
   * Ends the step at the row in hand: what a handler changed about what comes next (a timer, a subscription) holds from the very next row on,
   * however many rows were handed over at a time.
   */
  endStep(): void {
    this.count += 1;
  }

  clear(): void {
    // Taken off one by one: a step leaves a few, and setting a length gives the array's room back, to be asked for again at once.
    while (this.commands.length > 0) this.commands.pop();
    while (this.records.length > 0) this.records.pop();
    this.count = 0;
    this.notified = 0;
  }
}
