import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BookAction } from '../../model/book-delta.ts';
import { OrderFlag } from '../../model/order.ts';
import { BUY, cancel, limit, market, modify, SELL, stop } from '../simulated-venue.fixture.ts';
import type { VenueCommand } from '../../model/commands.ts';
import { DepthPlayer, type Recorded, trade } from './depth-player.fixture.ts';

/* The venue plays its recording when something in it could move an order, not before. When it is played must not matter. */

const side = fc.constantFrom<1 | -1>(1, -1);
const price = fc.integer({ min: 95, max: 105 });
const quantity = fc.integer({ min: 1, max: 9 });
const { ADD, MODIFY, REDUCE, CLEAR, GAP } = BookAction;

type Drawn =
  | { readonly kind: 'recorded'; readonly row: (ts: number) => Recorded }
  | { readonly kind: 'command'; readonly command: (id: number) => VenueCommand };

const change = (weight: number, action: BookAction): fc.WeightedArbitrary<Drawn> => ({
  weight,
  arbitrary: fc
    .record({ side, price, quantity, orderId: fc.integer({ min: 1, max: 12 }) })
    .map((drawn) => ({ kind: 'recorded', row: (ts) => ({ ts, action, ...drawn }) })),
});
const asked = (weight: number, arbitrary: fc.Arbitrary<(id: number) => VenueCommand>): fc.WeightedArbitrary<Drawn> => ({
  weight,
  arbitrary: arbitrary.map((command) => ({ kind: 'command', command })),
});
const older = fc.integer({ min: 1, max: 8 });
const step: fc.Arbitrary<Drawn> = fc.oneof(
  change(6, ADD),
  change(2, MODIFY),
  change(4, REDUCE),
  { weight: 1, arbitrary: fc.constantFrom(CLEAR, GAP).map((action): Drawn => ({ kind: 'recorded', row: (ts) => ({ ts, action }) })) },
  {
    weight: 5,
    arbitrary: fc
      .record({ price, quantity, taker: fc.constantFrom(1, -1, 0) })
      .map((drawn): Drawn => ({ kind: 'recorded', row: (ts) => trade(ts, drawn.price, drawn.quantity, drawn.taker) })),
  },
  asked(
    4,
    fc.record({ side, price, quantity }).map((drawn) => (id) => limit(id, drawn.side > 0 ? BUY : SELL, drawn.quantity, drawn.price)),
  ),
  asked(
    1,
    fc.record({ side, price, quantity }).map((drawn) => (id) => stop(id, drawn.side > 0 ? BUY : SELL, drawn.quantity, drawn.price)),
  ),
  asked(
    1,
    fc.record({ side, quantity }).map((drawn) => (id) => market(id, drawn.side > 0 ? BUY : SELL, drawn.quantity)),
  ),
  asked(
    1,
    fc
      .record({ side, price, quantity })
      .map((drawn) => (id) => limit(id, drawn.side > 0 ? BUY : SELL, drawn.quantity, drawn.price, { flags: OrderFlag.REDUCE_ONLY })),
  ),
  asked(
    1,
    fc.record({ back: older, price, quantity }).map((drawn) => (id) => modify(Math.max(1, id - drawn.back), drawn.quantity, drawn.price)),
  ),
  asked(
    1,
    older.map((back) => (id) => cancel(Math.max(1, id - back))),
  ),
);

/** Nobody has sent such an order: the venue refuses to cancel it, and has played its recording by then. */
const NOBODYS = 1_000_000;

function play(steps: readonly Drawn[], isPlayedAtOnce: boolean): readonly string[] {
  const recorded = steps.flatMap((each, at) => (each.kind === 'recorded' ? [each.row(at + 1)] : []));
  const player = new DepthPlayer([{ ts: 0, action: CLEAR }, ...recorded]);
  let sent = 0;
  steps.forEach((each, at) => {
    if (each.kind === 'command') {
      const command = each.command(sent + 1);
      if (command.kind === 'SubmitOrder') sent += 1;
      if (command.clientOrderId <= sent) player.send(at + 1, command);
    } else if (isPlayedAtOnce) player.send(at + 1, cancel(NOBODYS));
  });
  const lines = player.advance(steps.length + 1).lines();
  return lines.map((line, at) => `${line}, heard at ${player.heard[at]!}`).filter((line) => !line.includes(String(NOBODYS)));
}

describe('a recording that is played when it is needed', () => {
  it('gives what it gives when every row is played in its instant, and tells of it as soon, whatever orders come between', () => {
    let fills = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
        const lines = play(steps, true);
        fills += lines.filter((line) => line.startsWith('Fill')).length;
        expect(play(steps, false)).toEqual(lines);
      }),
      { numRuns: 400 },
    );
    // It would be true of recordings in which nothing happens.
    expect(fills).toBeGreaterThan(400);
  });
});
