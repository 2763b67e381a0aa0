import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { examine, nodeFinding } from './examine.ts';

describe('doctor', () => {
  it.each([
    ['20.18.9', 'fail'],
    ['18.20.0', 'fail'],
    ['20.19.0', 'ok'],
    ['24.0.0', 'ok'],
  ])('judges Node %s as %s', (version, verdict) => {
    expect(nodeFinding(version).verdict).toBe(verdict);
  });

  it('looks at each thing once, and gives a fix with each warning', async () => {
    const findings = await examine({ storeRoot: path.join(tmpdir(), 'no-store-here'), cwd: tmpdir() });
    expect(findings.map(({ name }) => name)).toEqual([
      'quanthybrid',
      'node',
      'memory',
      'cores',
      'disk',
      'folder',
      'esbuild',
      'time zones',
      'store',
      'gcc',
    ]);
    for (const { verdict, fix } of findings) expect(fix === null).toBe(verdict === 'ok');
  });

  it('fails where the folder is not there', async () => {
    const findings = await examine({ storeRoot: './data', cwd: '/no/such/folder' });
    expect(findings.find(({ name }) => name === 'folder')).toMatchObject({ verdict: 'fail' });
  });
});
