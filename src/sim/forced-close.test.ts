import { describe, expect, it } from 'vitest';
import { BlockKind } from '../model/blocks.ts';
import { BUY, market, quotesOf, VenuePlayer } from './simulated-venue.fixture.ts';

describe('a forced close on a slow line', () => {
  it('is reported at once, and what was on its way arrives before it', () => {
    const player = new VenuePlayer({ matchOn: [BlockKind.QUOTES], rules: { market: 'touch' }, responseUs: 5_000 });
    player.play(quotesOf([[99, 100]]));
    player.venue.handle(market(1, BUY, 10), 1_000);
    expect(player.venue.reports).toHaveLength(0);
    player.venue.liquidate(77, 0, -10, 90, 2_000);
    player.deliver();
    expect(player.lines()).toEqual(['Accepted 1', 'Fill 1 10@100', 'Fill 77 10@90']);
    expect(player.venue.nextDueTs).toBe(Number.POSITIVE_INFINITY);
  });
});
