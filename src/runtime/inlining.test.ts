import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { INLINING_LIMITS } from './inlining.ts';

it('names limits that this machine knows, since one that it does not know is passed over with a word on standard error', () => {
  const { stdout } = spawnSync(process.execPath, ['--v8-options'], { encoding: 'utf8' });
  for (const name of Object.keys(INLINING_LIMITS)) expect(stdout).toContain(`  --${name} (`);
});
