import { MeasuredProgram } from '../child-process.ts';
import { type BenchRowMaker, figure, informingRow, rateText } from '../row.ts';
import { median, ROUNDS_MIN } from '../rounds.ts';

const BAR_ROWS = 20_000;
const BAR_PASSES = 10;

/** A rate, for those who plan: how many daily bars a second a shipped strategy gets through. */
export const BARS: BenchRowMaker = {
  name: 'bars/million-per-second',
  measure: async (context) => {
    const child = await MeasuredProgram.startNode('bars.ts', [String(BAR_ROWS)]);
    try {
      await child.round(BAR_ROWS, BAR_PASSES);
      const times: number[] = [];
      for (let round = 1; round <= ROUNDS_MIN; round += 1) {
        times.push((await child.round(BAR_ROWS, BAR_PASSES)).ns);
        context.say(`bars/million-per-second: ${round} rounds`);
      }
      const last = await child.round(BAR_ROWS);
      const detail = `${BAR_ROWS} daily bars, moving-average-crossover, ${String(last['fills'])} fills, equity after every bar, ${figure(median(times) / 1e6)} ms a run`;
      return informingRow('bars/million-per-second', (BAR_ROWS / median(times)) * 1000, detail);
    } finally {
      await child.stop();
    }
  },
};

const FEW = 5_000_000;
const MANY = 50_000_000;
const CHUNK = 1_000_000;

/** Every indicator takes as long for an update around the 50 millionth as around the 5 millionth: medians over a million updates each. */
export const INDICATORS: BenchRowMaker = {
  name: 'indicators/50M-to-5M',
  measure: async (context) => {
    const child = await MeasuredProgram.startNode('indicators.ts', []);
    try {
      const found: { readonly name: string; readonly ratio: number; readonly rate: string }[] = [];
      for (let which = 1; ; which += 1) {
        const answer = await child.round(MANY, which);
        if (answer['name'] === '') break;
        const chunkNs = answer['chunkNs'] as number[];
        const early = median(chunkNs.slice(0, FEW / CHUNK));
        const late = median(chunkNs.slice(-FEW / CHUNK));
        found.push({ name: String(answer['name']), ratio: early / late, rate: rateText(CHUNK, median(chunkNs)) });
        context.say(`indicators/50M-to-5M: ${found.length} done`);
      }
      const least = found.reduce((a, b) => (b.ratio < a.ratio ? b : a));
      const rates = found.map((indicator) => `${indicator.name} ${indicator.rate}`).join(', ');
      const middle = median(found.map((indicator) => indicator.ratio));
      const detail = `median of ${found.length}; lowest ${figure(least.ratio)} (${least.name}); rates: ${rates}`;
      return informingRow('indicators/50M-to-5M', middle, detail);
    } finally {
      await child.stop();
    }
  },
};

const EIGHT_ROWS = 2_000_000;
const EIGHT_ROUNDS = 5;

/** What it costs to run eight different strategies at once, against running them one after the other. */
export const EIGHT_STRATEGIES: BenchRowMaker = {
  name: 'eight-strategies/one-by-one',
  measure: async (context) => {
    const timeOf = async (which: string): Promise<{ readonly ns: number; readonly fills: number }> => {
      const child = await MeasuredProgram.startNode('eight-strategies.ts', [String(EIGHT_ROWS), which]);
      try {
        await child.round(EIGHT_ROWS);
        const times: number[] = [];
        for (let round = 0; round < EIGHT_ROUNDS; round += 1) times.push((await child.round(EIGHT_ROWS)).ns);
        return { ns: median(times), fills: Number((await child.round(EIGHT_ROWS))['fills']) };
      } finally {
        await child.stop();
      }
    };
    let single = 0;
    for (let which = 0; which < 8; which += 1) {
      single += (await timeOf(String(which))).ns;
      context.say(`eight-strategies/one-by-one: ${which + 1} of 8 alone`);
    }
    const together = await timeOf('all');
    const detail = `eight classes in one run: ${rateText(EIGHT_ROWS, together.ns)}, ${together.fills} fills; one after the other ${rateText(EIGHT_ROWS, single)}`;
    return informingRow('eight-strategies/one-by-one', single / together.ns, detail);
  },
};
