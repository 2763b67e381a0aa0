import { type Random, stream } from '../../../base/random.ts';

/** What goes wrong on request. Shares are of the messages of a connection, 0 to 1. */
export interface Faults {
  /** Messages that are lost. */
  readonly drop: number;
  /** Messages that come twice. */
  readonly duplicate: number;
  /** Messages that come behind the one after them. */
  readonly reorder: number;
  /** All messages come so much later, milliseconds. */
  readonly delayMs: number;
  /** Connections stand, but nothing comes through them any more, neither data nor answers to pings. */
  readonly halfOpen: boolean;
  /** Requests and new connections are refused with 429 and this many seconds to wait; 0 for none. */
  readonly tooManyS: number;
  /** As `tooManyS`, with 418. */
  readonly bannedS: number;
  /** Connections are ended and refused with 503, requests too. */
  readonly maintenance: boolean;
  /** Symbols whose status is HALT. */
  readonly halted: readonly string[];
}

export const NO_FAULTS: Faults = {
  drop: 0,
  duplicate: 0,
  reorder: 0,
  delayMs: 0,
  halfOpen: false,
  tooManyS: 0,
  bannedS: 0,
  maintenance: false,
  halted: [],
};

/** What becomes of a message. */
export const Fate = { SEND: 0, DROP: 1, TWICE: 2, LATER: 3 } as const;
export type Fate = (typeof Fate)[keyof typeof Fate];

/** Draws the fate of each message of one connection: the same seed, connection and faults give the same. */
export class FaultDice {
  private readonly random: Random;

  /** @param connection its number, from 1 */
  constructor(seed: number, connection: number) {
    this.random = stream(seed, `loopback-connection-${connection}`);
  }

  next({ drop, duplicate, reorder }: Faults): Fate {
    const drawn = this.random.nextDouble();
    if (drawn < drop) return Fate.DROP;
    if (drawn < drop + duplicate) return Fate.TWICE;
    return drawn < drop + duplicate + reorder ? Fate.LATER : Fate.SEND;
  }
}

/**
 * Reads faults from JSON or from options; what is not named stays as it was.
 *
 * @returns a sentence about what is wrong where something is
 */
export function readFaults(given: Readonly<Record<string, unknown>>, before: Faults): Faults | string {
  const faults: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(NO_FAULTS, name)) return `There is no fault "${name}"; there are ${Object.keys(NO_FAULTS).join(', ')}.`;
    const fits = fitsFault(NO_FAULTS[name as keyof Faults], name, value);
    if (!fits) return `The fault "${name}" cannot be ${JSON.stringify(value)}.`;
    faults[name] = value;
  }
  const { drop, duplicate, reorder } = faults as unknown as Faults;
  return drop + duplicate + reorder <= 1 ? (faults as unknown as Faults) : 'drop, duplicate and reorder add up to more than 1.';
}

function fitsFault(like: Faults[keyof Faults], name: string, value: unknown): boolean {
  if (Array.isArray(like)) return Array.isArray(value) && value.every((each) => typeof each === 'string');
  if (typeof like === 'boolean') return typeof value === 'boolean';
  const most = name === 'delayMs' ? 60_000 : name.endsWith('S') ? 3600 : 1;
  return typeof value === 'number' && value >= 0 && value <= most && (most === 1 || Number.isInteger(value));
}
