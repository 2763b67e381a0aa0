import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { AUDITED_ACTIONS } from '../../src/security/audit/audited-actions.ts';

const SOURCES = path.resolve(import.meta.dirname, '../../src');
/** The list itself, and the type of what the API may write. */
const NAMES_ONLY = ['security/audit/audited-actions.ts', 'ports/audit-trail.ts'];

describe('the audit log', () => {
  it('SEC-41: every action of the list is written somewhere', () => {
    const text = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
      .map((name) => name.replaceAll(path.sep, '/'))
      .filter((name) => /^(security|adapters|app)\/.*(?<!\.test|\.fixture)\.ts$/.test(name) && !NAMES_ONLY.includes(name))
      .map((name) => readFileSync(path.join(SOURCES, name), 'utf8'))
      .join('\n');
    expect(Object.keys(AUDITED_ACTIONS).filter((action) => !text.includes(`'${action}'`))).toEqual([]);
  });
});
