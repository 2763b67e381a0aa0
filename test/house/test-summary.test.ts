import { describe, expect, it } from 'vitest';
import { countTests, summaryLine } from '../../scripts/house/test-summary.mjs';

const file = (status: string, ...tests: string[]): object => ({ status, assertionResults: tests.map((test) => ({ status: test })) });

describe('the last line of the suite', () => {
  it('counts what passed, failed, and did not run', () => {
    const results = {
      testResults: [file('passed', 'passed', 'passed', 'pending'), file('failed', 'failed', 'failed', 'passed', 'todo', 'skipped')],
    };
    expect(summaryLine(countTests(results, 1))).toBe('3 passed, 2 failed, 3 skipped');
  });

  it('counts a file that could not be loaded as a failure', () => {
    expect(countTests({ testResults: [file('passed', 'passed'), file('failed'), file('failed')] }, 1)).toEqual({
      passed: 1,
      failed: 2,
      skipped: 0,
    });
  });

  it('never reports a run that ended badly as free of failures', () => {
    expect(countTests({ testResults: [file('passed', 'passed')] }, 1)).toEqual({ passed: 1, failed: 1, skipped: 0 });
    expect(countTests(null, 137)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});
