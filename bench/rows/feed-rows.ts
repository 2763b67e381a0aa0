import { existsSync } from 'node:fs';
import { MeasuredProgram } from '../child-process.ts';
import { type BenchContext, type BenchRow, type BenchRowMaker, comparedRow, figure, skippedRow } from '../row.ts';
import { compare, type RoundCounts } from '../rounds.ts';
import { binanceSpotRecording, NO_SPOT_RECORDING } from '../shared-data.ts';

const JSON_GATE = 5;
const CCXT_GATE = 5;
/** Of ours, so that a round of it is about as long as one of the control. */
const PASSES = 5;
/** A round of the handlers of ccxt takes seconds. */
const CCXT_ROUNDS: RoundCounts = { warmUp: 1, min: 3, max: 8 };

/** Decoding the messages of a live feed to rows of the core, against JSON.parse alone on the same messages: the same values. */
export const FEED_JSON: BenchRowMaker = {
  name: 'feed/json-parse',
  measure: (context) => measured('feed/json-parse', JSON_GATE, 'rows', 'feed-json.ts', 'JSON.parse alone', context),
};

/** Decoding and a sorted book, against the handlers of ccxt.pro on the same messages: the same final book. */
export const FEED_CCXT: BenchRowMaker = {
  name: 'feed/ccxt',
  measure: (context) => measured('feed/ccxt', CCXT_GATE, 'book', 'feed-ccxt.ts', 'the handlers of ccxt.pro', context, CCXT_ROUNDS),
};

async function measured(
  name: string,
  gate: number,
  way: 'rows' | 'book',
  controlProgram: string,
  controlName: string,
  context: BenchContext,
  counts?: RoundCounts,
): Promise<BenchRow> {
  const file = binanceSpotRecording();
  if (!existsSync(file)) return skippedRow(name, gate, NO_SPOT_RECORDING);
  const control = await MeasuredProgram.startNode(controlProgram, [file]);
  const subject = await MeasuredProgram.startNode('feed-decode.ts', [file, way]);
  try {
    const compared = await compare({
      subject: () => subject.round(0, PASSES),
      control: () => control.round(0),
      isSame: (a, b) => a.checksum === b.checksum && a['messages'] === b['messages'],
      onRound: (done, kept) => context.say(`${name}: ${done} rounds, ${kept} count`),
      ...(counts === undefined ? {} : { counts }),
    });
    const messages = Number(compared.subject['messages']);
    const each = (ns: number): string => `${figure(ns / messages)} ns`;
    const times = `${each(compared.subjectNs)} a message, ${controlName} ${each(compared.controlNs)}`;
    const detail = `${messages} messages of Binance Spot (depth, bookTicker, trade); ${times}; same checksum ${compared.subject.checksum}`;
    return comparedRow(name, compared, gate, null, detail);
  } finally {
    await Promise.all([subject.stop(), control.stop()]);
  }
}
