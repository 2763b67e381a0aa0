import { z } from 'zod';
import { duration, integer, keys, kinds, number, optional, required, text, words } from './schema-parts.ts';

const seed = optional(integer(0, Number.MAX_SAFE_INTEGER), '1', 'The same seed gives the same lengths.', '7');

const measuredSchema = keys({
  kind: required(z.literal('measured'), 'Between the lengths that a file has, by time.', 'measured'),
  file: required(
    text,
    'Delimited text, relative to the run file: a line of names, then per line when it began and how long it took, both in microseconds.',
    'latency.csv',
  ),
});
const uniformSchema = keys({
  kind: required(z.literal('uniform'), 'Every length between two is as likely.', 'uniform'),
  min: required(duration, 'The least.', '2ms'),
  max: required(duration, 'The most.', '9ms'),
  seed,
});
const logNormalSchema = keys({
  kind: required(z.literal('logNormal'), 'Half are below the median, few are many times it: the logarithm is normal.', 'logNormal'),
  median: required(duration, 'Half of all take less.', '4ms'),
  sigma: required(
    number.refine((value) => value >= 0 && value <= 10, { error: 'Give a number from 0 to 10.' }),
    'Deviation of the natural logarithm.',
    '0.4',
  ),
  max: optional(duration, '100 times the median', 'What is longer takes this.', '200ms'),
  seed,
});

/** How long a way takes: a duration, or a model of one. */
const lengthSchema = z.union([duration, kinds([uniformSchema, logNormalSchema, measuredSchema], ['uniform', 'logNormal', 'measured'])], {
  error: () => 'Give a duration such as 5ms, or { kind: uniform, min: 2ms, max: 9ms }.',
});

const feedSchema = z.union(
  [
    duration,
    kinds(
      [
        keys({
          kind: required(
            z.literal('recorded'),
            'What lies between the times of the venue and of the recording. How far the two clocks stood apart is worked out so that the quickest row took `least`, and said.',
            'recorded',
          ),
          least: optional(duration, '0ms', 'What the quickest row took.', '1ms'),
        }),
        uniformSchema,
        logNormalSchema,
        measuredSchema,
      ],
      ['recorded', 'uniform', 'logNormal', 'measured'],
    ),
  ],
  { error: () => 'Give a duration such as 5ms, or { kind: recorded, least: 1ms }.' },
);

export const latencySchema = keys({
  feed: optional(
    feedSchema,
    '{ kind: recorded }',
    'From the venue to the house, of market data. With `fills.book`: the venue is that much ahead of what strategies know.',
    '{ kind: recorded, least: 1ms }',
  ),
  orderEntry: optional(lengthSchema, '0ms', 'From the house to the venue.', '5ms'),
  response: optional(lengthSchema, '0ms', 'From the venue back.', '5ms'),
});

const queueSchema = kinds(
  [
    keys({ kind: required(z.literal('riskAverse'), 'Cancels are of those behind us, as long as there are any.', 'riskAverse') }),
    keys({
      kind: required(z.literal('probability'), 'Cancels are shared out between those before and behind us.', 'probability'),
      ratio: optional(
        words(['sides', 'whole', 'share']),
        'sides',
        'Share taken from behind: f(back) ÷ (f(front) + f(back)); f(back) ÷ f(front + back); 1 − f(front ÷ (front + back)).',
        'whole',
      ),
      weight: optional(words(['power', 'log']), 'power', 'f: x^exponent, or ln(1 + x); the latter not with ratio share.', 'log'),
      exponent: optional(
        number.refine((value) => value > 0 && value <= 10, { error: 'Give a number above 0, at most 10.' }),
        '1',
        'Of `weight: power`, and only of it.',
        '3',
      ),
    }),
  ],
  ['riskAverse', 'probability'],
);

/** Orders trade against the recorded book of their instrument. */
export const bookFillsSchema = keys({
  queue: optional(
    queueSchema,
    '{ kind: riskAverse }',
    'Where an order stands in the queue of a level. In books that come order by order that is known, and this is not used.',
    '{ kind: probability, ratio: whole, exponent: 2 }',
  ),
  impactHalfLife: optional(
    duration,
    'never',
    'After which half of what our orders took out of a level is taken for replaced, though the recording does not show it.',
    '10s',
  ),
});
