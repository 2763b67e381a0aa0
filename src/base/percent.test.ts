import { expect, it } from 'vitest';
import { percentDecimals } from './percent.ts';

it('a share in percent has two decimals, and more where two would say nothing', () => {
  const shown = (share: number): string => (share * 100).toFixed(percentDecimals(share));
  expect([0, 0.5, -0.1234567, 0.0001].map(shown)).toEqual(['0.00', '50.00', '-12.35', '0.01']);
  expect([0.000099, -0.0000027, 3.3e-8, 1e-12].map(shown)).toEqual(['0.0099', '-0.00027', '0.000003', '0.000000']);
});
