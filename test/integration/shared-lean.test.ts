import { describe, expect, it } from 'vitest';
import {
  type LeanOptions,
  type LeanResolution,
  type LeanSecurity,
  leanZone,
  openLeanBars,
  openLeanQuoteBars,
} from '../../src/adapters/files/lean-reader.ts';
import { testInstrument } from '../files-kit.ts';
import {
  clockText,
  decimal,
  expectBars,
  expected,
  expectedText,
  expectVolume,
  type Facts,
  factsOf,
  isThere,
  ROOT,
  WHY,
} from '../shared-data-kit.ts';

interface LeanCase {
  readonly path: string;
  readonly member: string;
  readonly want: Readonly<Record<string, unknown>>;
}

/** Bar files: everything but ticks and open interest. */
const leanCases: readonly LeanCase[] = Object.keys(expected)
  .filter((path) => path.startsWith('lean/') && path.endsWith('.zip') && !path.includes('/tick/') && !path.includes('openinterest'))
  .flatMap((path) =>
    Object.entries(expected[path]!['members'] as Record<string, Record<string, unknown>>).map(([member, want]) => ({ path, member, want })),
  );

const LEAN_DECIMALS: Readonly<Record<LeanSecurity, readonly [number, number]>> = {
  equity: [4, 0],
  forex: [5, 0],
  cfd: [3, 0],
  crypto: [8, 8],
  cryptofuture: [4, 4],
  future: [2, 0],
};

function leanOptions({ path, member }: LeanCase): LeanOptions & { readonly kind: 'trade' | 'quote'; readonly zone: string } {
  const [, security, market, resolution, ...rest] = path.split('/') as [string, LeanSecurity, string, LeanResolution, ...string[]];
  const name = rest.at(-1)!.replace('.zip', '');
  const isIntraday = rest.length === 2;
  const [stem, kind] = isIntraday ? [rest[0]!, name.slice(9)] : name.split('_');
  const [priceDecimals, quantityDecimals] = LEAN_DECIMALS[security];
  return {
    root: `${ROOT}lean`,
    security,
    market,
    resolution,
    symbol: stem!,
    member,
    kind: (kind ?? (security === 'equity' ? 'trade' : 'quote')) as 'trade' | 'quote',
    zone: leanZone(security, market),
    instrument: testInstrument(priceDecimals, quantityDecimals),
    ...(isIntraday ? { fromDate: name.slice(0, 8), toDate: name.slice(0, 8) } : {}),
    ...(security === 'crypto' ? { round: { quantity: 'half-even' } } : {}),
  };
}

function expectLeanTimes(
  where: string,
  facts: Facts,
  want: Readonly<Record<string, unknown>>,
  zone: string,
  date: string | undefined,
): void {
  const text = (time: unknown): string => {
    if (date === undefined) return expectedText(String(time));
    const ms = Number(time);
    const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
    return `${date}${two(ms / 3_600_000)}${two((ms / 60_000) % 60)}${two((ms / 1000) % 60)}${String(ms % 1000).padStart(3, '0')}`;
  };
  expect([where, clockText(facts.firstTs, zone), clockText(facts.lastTs, zone)]).toEqual([
    where,
    text(want['first_time']),
    text(want['last_time']),
  ]);
}

describe.skipIf(!isThere)(`shared LEAN bar files agree with expected.json${WHY}`, () => {
  const families = new Map<string, LeanCase[]>();
  for (const each of leanCases) {
    const family = each.path.split('/').slice(1, 4).join('/');
    families.set(family, [...(families.get(family) ?? []), each]);
  }

  it('all 212 bar zips are among the cases', () => {
    expect(new Set(leanCases.map(({ path }) => path)).size).toBe(212);
  });

  for (const [family, cases] of families) {
    it(`${family}: every member of every zip has the rows, times, prices and sums of expected.json`, () => {
      for (const each of cases) {
        const options = leanOptions(each);
        const { want } = each;
        const where = `${each.path}/${each.member}`;
        const decimals = options.instrument.priceDecimals;
        // expected.json has equity prices as the file has them, in 1/10000.
        const counted = options.security === 'equity' ? 0 : decimals;
        if (options.kind === 'trade') {
          const reader = openLeanBars(options);
          const facts = factsOf(() => {
            const block = reader.next();
            return block === null ? null : { ...block, ts: block.tsOpen };
          });
          expectBars(where, facts, want, counted);
          expectVolume(where, facts.sumVolume, want['sum_volume'], options.instrument.quantityDecimals, 0);
          expectLeanTimes(where, facts, want, options.zone, options.fromDate);
        } else {
          const reader = openLeanQuoteBars(options);
          let askSum = 0n;
          let empty = 0;
          const facts = factsOf(() => {
            const block = reader.next();
            if (block === null) return null;
            for (let r = 0; r < block.length; r += 1) {
              askSum += BigInt(block.askClose[r]!);
              if (block.askOpen[r] === 0 || block.bidOpen[r] === 0) empty += 1;
            }
            return {
              ts: block.tsOpen,
              length: block.length,
              open: block.bidOpen,
              high: block.askHigh,
              low: block.bidLow,
              close: block.bidClose,
              volume: block.bidSize,
            };
          });
          expect([where, facts.rows, facts.sumClose, askSum, empty]).toEqual([
            where,
            want['rows'],
            decimal(want['sum_bid_close'], counted),
            decimal(want['sum_ask_close'], counted),
            want['rows_with_empty_side'],
          ]);
          expect([where, BigInt(facts.low), BigInt(facts.high)]).toEqual([
            where,
            decimal(want['min_bid_low'], counted),
            decimal(want['max_ask_high'], counted),
          ]);
          expectLeanTimes(where, facts, want, options.zone, options.fromDate);
        }
      }
    });
  }
});
