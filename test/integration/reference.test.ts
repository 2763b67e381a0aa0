import { describe, expect, it } from 'vitest';
import { agrees, exact, printed, text } from '../../reference/reference-case.ts';
import { WITHOUT_SHARED_DATA } from '../../reference/shared-data.ts';
import { CASES, lacksData, runCase } from '../../reference/run-case.ts';

describe('published results', () => {
  for (const referenceCase of CASES) {
    const { id, title } = referenceCase;
    const isSkipped = lacksData(referenceCase);
    const reason = isSkipped ? WITHOUT_SHARED_DATA : '';
    it.skipIf(isSkipped)(`${id} comes out of its run file number by number: ${title}${reason}`, async () => {
      const rows = await runCase(referenceCase);
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.filter((row) => !row.agrees)).toEqual([]);
    });
  }

  it('is the whole list', () => {
    expect(CASES.map(({ id }) => id)).toEqual([
      ...['R1.1', 'R1.3', 'R1.9', 'R1.11', 'R2.1', 'R2.2', 'R3.1', 'R3.2', 'R3.5', 'R4.1', 'R4.2', 'R4.8-AUD', 'R4.8-ETH'],
    ]);
  });
});

describe('how obtained is held against expected', () => {
  const none = (): string => '';

  it('exact takes the same decimal, however many zeros it is written with, and no other', () => {
    const row = exact('money', '1000.20', none);
    expect(agrees(row, '1000.2')).toBe(true);
    expect(agrees(row, '1000.200000')).toBe(true);
    expect(agrees(row, '1000.2000001')).toBe(false);
    expect(agrees(row, 'null')).toBe(false);
  });

  it('printed takes what rounds to the digits that were printed, half a digit included', () => {
    const row = printed('ratio', '-0.58', none);
    expect(agrees(row, '-0.575')).toBe(true);
    expect(agrees(row, '-0.585')).toBe(true);
    expect(agrees(row, '-0.5749999')).toBe(false);
    expect(agrees(row, '0.58')).toBe(false);
    expect(agrees(row, 'NaN')).toBe(false);
  });

  it('text takes the same characters', () => {
    expect(agrees(text('fill', 'BUY 1', none), 'BUY 1')).toBe(true);
    expect(agrees(text('fill', 'BUY 1', none), 'BUY 1.0')).toBe(false);
  });
});
