import type { VenueCommand } from '../model/commands.ts';
import type { Recorded } from '../model/events.ts';

/**
 * What the core wants done, in order. The core appends; the runtime carries out (law 4): commands one at a time, records whenever it likes,
 * since nothing comes back of them.
 * `count` is what the hot loop looks at after each handler.
 */
export class Effects {
  /** What has been asked for since the runtime last looked. */
  count = 0;
  /** How many of `records` strategies have been told; the engine's own mark. */
  notified = 0;
  /** How many of `records` were there when the present step began. */
  stepStart = 0;
  /*
   * Both are appended to by index: a list that is born empty has one layout before its first element and another after, and a `push`
   * that has met both is a call.
   */
  readonly commands: VenueCommand[] = [];
  readonly records: Recorded[] = [];
  private commandNext = 0;

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

  /** The runtime has looked: what comes from here on belongs to another step. Strategies are told nothing of what they have not been told by now. */
  beginStep(): void {
    this.count = 0;
    this.stepStart = this.records.length;
    this.notified = this.stepStart;
  }

  /** Hands over the oldest command that was not handed over; null for none. */
  takeCommand(): VenueCommand | null {
    const { commands } = this;
    if (this.commandNext === commands.length) return null;
    const command = commands[this.commandNext]!;
    this.commandNext += 1;
    if (this.commandNext === commands.length) {
      empty(commands);
      this.commandNext = 0;
    }
    return command;
  }

  /** Everything that was asked for has been carried out, and every record taken care of. */
  get areCarriedOut(): boolean {
    return this.count === 0 && this.commands.length === 0 && this.records.length === 0;
  }

  /** Nothing has been asked for and nothing has happened. */
  reset(): void {
    this.commands.length = 0;
    this.commandNext = 0;
    this.count = 0;
    this.forgetRecords();
  }

  /** The records have been taken care of. Between steps only. */
  forgetRecords(): void {
    // Once in a while, so that the room that is given back and asked for again costs nothing that counts.
    this.records.length = 0;
    this.stepStart = 0;
    this.notified = 0;
  }
}

/** Taken off one by one: a step leaves a few, and setting a length gives the array's room back, to be asked for again at once. */
function empty(list: unknown[]): void {
  while (list.length > 0) list.pop();
}
