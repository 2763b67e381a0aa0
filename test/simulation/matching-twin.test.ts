import { expect, it } from 'vitest';
import { playBoth } from '../../src/sim/exchange/exchange-play.fixture.ts';

/** Beyond those of the unit test. */
const SEED_FIRST = 1001;
const OPERATIONS = 2000;
const SEEDS_PER_TEST = 500;

it.each(Array.from({ length: 10 }, (_, part) => SEED_FIRST + part * SEEDS_PER_TEST))(
  'the matching engine says what its slow twin says: a million operations of every kind from seed %i on',
  (seed) => {
    let trades = 0;
    for (let at = seed; at < seed + SEEDS_PER_TEST; at += 1) trades += playBoth(at, OPERATIONS);
    expect(trades).toBeGreaterThan(50_000);
  },
  300_000,
);
