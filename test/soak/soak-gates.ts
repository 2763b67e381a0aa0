import type { MemoryUse } from './inspector.ts';

const MINUTE_S = 60;
/** Until then a session fills what it keeps: histories, the newest orders and fills. */
export const WARM_UP_MINUTES = 3;
/** Growth from minute 3 to minute 10. */
const GROWTH_MAX = 0.02;
/** Growth an hour, of a soak of an hour and more, from minute 10 on. */
const HOURLY_GROWTH_MAX = 0.01;
const LONG_MINUTES = 60;
const LONG_WARM_UP_MINUTES = 10;
/** How much longer the fast clients may wait beside slow ones. */
const DELAY_RATIO_MAX = 1.1;

export interface MemorySample {
  /** Seconds since all clients were there. */
  readonly at: number;
  readonly memory: MemoryUse;
}

export interface SoakWindow {
  readonly slow: boolean;
  readonly p50: number;
  readonly p99: number;
}

export interface SoakOutcome {
  readonly minutes: number;
  readonly samples: readonly MemorySample[];
  readonly windows: readonly SoakWindow[];
  /** Messages that did not follow the one before, with clients that read. */
  readonly holes: number;
  /** Clients that read everything at once and were closed all the same. */
  readonly fastClosed: number;
  /** By code: how slow ones were closed. */
  readonly slowCloses: Readonly<Record<number, number>>;
  readonly slowClients: number;
}

/** `isHeld` is null where the soak was too short to judge. */
export interface Gate {
  readonly name: string;
  readonly figure: string;
  readonly bound: string;
  readonly isHeld: boolean | null;
}

/** What a soak must hold. */
export function gatesOf(outcome: SoakOutcome): readonly Gate[] {
  return [heapGate(outcome), delayGate(outcome), slowGate(outcome), ...fastGates(outcome)];
}

export function heapOf({ mainHeap, workerHeap }: MemoryUse): number {
  return mainHeap + workerHeap;
}

function heapGate({ minutes, samples }: SoakOutcome): Gate {
  const isLong = minutes >= LONG_MINUTES;
  const from = sampleAt(samples, (isLong ? LONG_WARM_UP_MINUTES : WARM_UP_MINUTES) * MINUTE_S);
  const to = samples.at(-1);
  const name = isLong ? 'heap, growth an hour after the warm-up' : 'heap, growth from minute 3 on';
  const bound = isLong ? '< 1 %' : '< 2 %';
  if (minutes <= WARM_UP_MINUTES || from === undefined || to === undefined || to === from)
    return { name, figure: 'too short to say', bound, isHeld: null };
  const grown = heapOf(to.memory) / heapOf(from.memory) - 1;
  const growth = isLong ? (grown * 3600) / (to.at - from.at) : grown;
  return { name, figure: percent(growth), bound, isHeld: growth < (isLong ? HOURLY_GROWTH_MAX : GROWTH_MAX) };
}

/** Medians of the windows: one that somebody else's work on the machine has disturbed does not decide. */
function delayGate({ windows }: SoakOutcome): Gate {
  const name = 'delay p99 of the others, with slow clients ÷ without';
  const bound = `≤ ${DELAY_RATIO_MAX}`;
  const [beside, alone] = [true, false].map((slow) => median(windows.filter((each) => each.slow === slow).map(({ p99 }) => p99)));
  const ratio = beside! / alone!;
  if (Number.isNaN(ratio)) return { name, figure: 'too short to say', bound, isHeld: null };
  return { name, figure: ratio.toFixed(3), bound, isHeld: ratio <= DELAY_RATIO_MAX };
}

function slowGate({ slowCloses, slowClients }: SoakOutcome): Gate {
  const closes = Object.entries(slowCloses);
  const others = closes.filter(([code]) => code !== '4409');
  const figure = closes.map(([code, count]) => `${count} × ${code}`).join(', ');
  const name = 'slow clients that are closed, by code';
  const bound = 'at least one, and with no other code';
  if (slowClients === 0) return { name, figure: 'there were none', bound, isHeld: null };
  return { name, figure: figure === '' ? 'none' : figure, bound, isHeld: closes.length > 0 && others.length === 0 };
}

function fastGates({ holes, fastClosed }: SoakOutcome): readonly Gate[] {
  return [
    { name: 'messages missing for those who read', figure: String(holes), bound: '0', isHeld: holes === 0 },
    { name: 'clients that read and were closed', figure: String(fastClosed), bound: '0', isHeld: fastClosed === 0 },
  ];
}

/** The first at that time or later. */
function sampleAt(samples: readonly MemorySample[], seconds: number): MemorySample | undefined {
  return samples.find(({ at }) => at >= seconds);
}

export function median(values: readonly number[]): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
