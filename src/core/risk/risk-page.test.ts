import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RISK_CODES } from '../../model/codes/risk.ts';
import { CONTROLS } from './controls/control-table.ts';

const PAGE = readFileSync(new URL('../../../docs/concepts/risk.md', import.meta.url), 'utf8');

describe('docs/concepts/risk.md', () => {
  it('has a section for every control, in the order in which they judge, and no other', () => {
    const sections = [...PAGE.matchAll(/^## (.*)$/gm)].map((match) => match[1]);
    expect(sections).toEqual(CONTROLS.map((control) => `${control.id} ${control.name}`));
  });

  it("names every control's codes in its section and no code that the catalogue lacks", () => {
    for (const control of CONTROLS) {
      const start = PAGE.indexOf(`## ${control.id} `);
      const end = PAGE.indexOf('\n## ', start);
      const section = PAGE.slice(start, end < 0 ? undefined : end);
      const named = [...section.matchAll(/\b[A-Z]+(?:_[A-Z]+)+\b/g)].map((match) => match[0]).filter((word) => word !== 'REDUCE_ONLY');
      expect(new Set(named)).toEqual(new Set(control.codes));
      for (const code of named) expect(Object.keys(RISK_CODES)).toContain(code);
    }
  });
});
