import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { RIGHTS, RIGHTS_OF_ROLE, ROLES, STEP_UP_RIGHTS, type Right } from '../../src/model/rights.ts';

const PAGE = readFileSync(path.resolve(import.meta.dirname, '../../docs/concepts/security.md'), 'utf8');

describe('the page of security', () => {
  it('has the table of rights as the code has it, with the mark of those that ask for the second factor again', () => {
    const rows = (Object.keys(RIGHTS) as Right[]).map((right) => {
      const cells = ROLES.map((role) => (RIGHTS_OF_ROLE[role].has(right) ? ' ✓ |' : ' |')).join('');
      return `| \`${right}\`${STEP_UP_RIGHTS.has(right) ? ' ●' : ''} | ${RIGHTS[right]} |${cells}`;
    });
    expect(PAGE.split('\n').filter((line) => /^\| `\w+:\w+`/.test(line))).toEqual(rows);
    expect(PAGE).toContain(`| Right | What it permits | ${ROLES.join(' | ')} |`);
  });
});
