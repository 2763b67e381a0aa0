import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VenueCommand } from '../../src/model/commands.ts';
import { BUY, cancel, limit, market, SELL } from '../../src/sim/simulated-venue.fixture.ts';
import { DepthPlayer, level, type Recorded, snapshot, trade } from '../../src/sim/depth/depth-player.fixture.ts';
import { DepthTwin, type TwinEvent } from '../../src/sim/depth/depth-twin.fixture.ts';

const side = fc.constantFrom<1 | -1>(1, -1);
const price = fc.integer({ min: 95, max: 105 });
const step: fc.Arbitrary<TwinEvent> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('level' as const), side, price, quantity: fc.integer({ min: 0, max: 9 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('trade' as const), price, quantity: fc.integer({ min: 1, max: 9 }), taker: side }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('limit' as const),
      id: fc.constant(0),
      side,
      price,
      quantity: fc.integer({ min: 1, max: 9 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('market' as const), id: fc.constant(0), side, quantity: fc.integer({ min: 1, max: 9 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), id: fc.integer({ min: 1, max: 12 }) }) },
);

/** Orders are numbered as they come; a cancel of one that never was is left out. */
function numbered(steps: readonly TwinEvent[]): readonly TwinEvent[] {
  let last = 0;
  return steps.flatMap((each): TwinEvent[] => {
    if (each.kind === 'limit' || each.kind === 'market') return [{ ...each, id: (last += 1) }];
    return each.kind === 'cancel' && each.id > last ? [] : [each];
  });
}

function recordedOf(each: TwinEvent, ts: number): readonly Recorded[] {
  if (each.kind === 'level') return [level(ts, each.side, each.price, each.quantity)];
  return each.kind === 'trade' ? [trade(ts, each.price, each.quantity, each.taker)] : [];
}

function commandOf(each: TwinEvent): VenueCommand | null {
  if (each.kind === 'limit') return limit(each.id, each.side > 0 ? BUY : SELL, each.quantity, each.price);
  if (each.kind === 'market') return market(each.id, each.side > 0 ? BUY : SELL, each.quantity);
  return each.kind === 'cancel' ? cancel(each.id) : null;
}

function playBoth(steps: readonly TwinEvent[]): { readonly player: DepthPlayer; readonly twin: DepthTwin } {
  const twin = new DepthTwin();
  const player = new DepthPlayer([...snapshot(0, [], []), ...steps.flatMap((each, at) => recordedOf(each, at + 1))]);
  steps.forEach((each, at) => {
    twin.play(each);
    const command = commandOf(each);
    if (command === null) player.advance(at + 1);
    else player.send(at + 1, command);
  });
  return { player, twin };
}

describe('trading against a recorded book', () => {
  it('comes to the fills of a slow twin, whatever the recording and whatever is sent', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (drawn) => {
        const { player, twin } = playBoth(numbered(drawn));
        expect(player.fills().map((fill) => fill.replace(/ at \d+$/, ''))).toEqual(twin.fills);
      }),
      { numRuns: 4000 },
    );
  });

  it('takes no more from a level than it ever showed, and no more from a trade than it was', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (drawn) => {
        const steps = numbered(drawn);
        const { player } = playBoth(steps);
        // An own ledger: what each level has ever been given (its growths).
        const grown = new Map<string, number>();
        const shown = new Map<string, number>();
        for (const each of steps) {
          if (each.kind !== 'level') continue;
          const key = `${each.side} ${each.price}`;
          grown.set(key, (grown.get(key) ?? 0) + Math.max(0, each.quantity - (shown.get(key) ?? 0)));
          shown.set(key, each.quantity);
        }
        const sideOf = new Map(steps.flatMap((each) => (each.kind === 'limit' || each.kind === 'market' ? [[each.id, each.side]] : [])));
        const made = new Map<number, number>();
        const taken = new Map<string, number>();
        for (const line of player.fills()) {
          const [id, what, liquidity, , madeAt] = line.split(' ') as [string, string, string, string, string];
          const [quantity, at] = what.split('@').map(Number) as [number, number];
          if (liquidity === 'MAKER') made.set(Number(madeAt), (made.get(Number(madeAt)) ?? 0) + quantity);
          else {
            const key = `${-sideOf.get(Number(id))!} ${at}`;
            taken.set(key, (taken.get(key) ?? 0) + quantity);
          }
        }
        for (const [key, quantity] of taken) expect(quantity).toBeLessThanOrEqual(grown.get(key) ?? 0);
        // What rests fills by a trade, by no more than it was, or when the book is told, by what that has ever shown.
        const everShown = [...grown.values()].reduce((sum, each) => sum + each, 0);
        for (const [ts, quantity] of made) {
          const cause = steps[ts - 1]!;
          expect(['trade', 'level']).toContain(cause.kind);
          expect(quantity).toBeLessThanOrEqual(cause.kind === 'trade' ? cause.quantity : everShown);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
