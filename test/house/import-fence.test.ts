import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScratchTree, TOOL_TIMEOUT_MS } from './scratch-tree.ts';

/**
 * Law 1 and law 2, written out a second time and by hand from the design: ring → what it may import. The tree holds one file for each
 * pair of a ring and a target, so that every arrow is tried, permitted or not.
 */
const PERMITTED: Readonly<Record<string, string>> = {
  base: '',
  model: 'base',
  book: 'model base',
  indicators: 'model base',
  core: 'book indicators model base core-strategy',
  strategies: 'core-strategy book indicators model base',
  ports: 'model base',
  sim: 'ports book model base',
  research: 'indicators model base',
  contract: 'model base npm node',
  adapters: 'ports contract book model base npm node',
  security: 'ports contract book model base npm node',
  operations: 'ports contract book model base npm node',
  runtime: 'core core-strategy sim research ports book model base npm node',
  app: 'base model book indicators core core-strategy strategies ports sim research contract adapters security operations runtime npm node',
};
const RINGS = Object.keys(PERMITTED);
const TARGETS = [...RINGS, 'core-strategy', 'npm', 'node'];

function importOf(target: string): string {
  if (target === 'npm') return "import { parse as thing } from 'yaml';";
  if (target === 'node') return "import { readFileSync as thing } from 'node:fs';";
  if (target === 'core-strategy') return "import type { thing } from '../core/strategy/strategy.ts';";
  return `import type { thing } from '../${target}/thing.ts';`;
}

const OTHERS: Readonly<Record<string, string>> = {
  'src/core/circle-one.ts': "import type { two } from './circle-two.ts';\nexport type one = two;\n",
  'src/core/circle-two.ts': "import type { one } from './circle-one.ts';\nexport type two = one;\n",
  'src/adapters/files/reader.ts': "import { writer } from '../journal/writer.ts';\nexport const reader = writer;\n",
  'src/adapters/files/neighbor.ts': "import type { thing } from './own.ts';\nexport type mine = thing;\n",
  'src/adapters/files/own.ts': 'export type thing = 1;\n',
  'src/adapters/journal/writer.ts': 'export const writer = 1;\n',
  'src/index.ts': "export type { thing } from './core/strategy/strategy.ts';\n",
  'src/greedy-door.ts': "import type { thing } from './runtime/thing.ts';\nexport type mine = thing;\n",
  'src/app/through-the-door.ts': "import type { thing } from '../index.ts';\nexport type mine = thing;\n",
  'src/attic/forgotten.ts': "import type { thing } from '../base/thing.ts';\nexport type mine = thing;\n",
  'src/runtime/needs-a-test-tool.ts': "import fc from 'fast-check';\nexport const mine = fc;\n",
  'src/runtime/needs-a-test.ts': "import { proof } from './proof.test.ts';\nexport const mine = proof;\n",
  'src/runtime/proof.test.ts': 'export const proof = 1;\n',
  'src/runtime/into-the-void.ts': "import { nothing } from './nowhere.ts';\nexport const mine = nothing;\n",
  'src/runtime/needs-a-fixture.ts': "import { proof } from './proof.fixture.ts';\nexport const mine = proof;\n",
  'src/runtime/proof.fixture.ts': "import { readFileSync } from 'node:fs';\nexport const proof = readFileSync;\n",
  'src/core/free.test.ts':
    "import { it } from 'vitest';\nimport { readFileSync } from 'node:fs';\nimport { thing } from '../sim/thing.ts';\nit(thing, readFileSync);\n",
};

/** What the dashboard may import, by hand from the design: contract, book, indicators, types of the model, and its own packages. */
const DASHBOARD: Readonly<Record<string, string>> = {
  'takes-itself': "import type { thing } from './thing.ts';\nexport type taken = thing;\n",
  'takes-contract': "import type { thing } from '../../src/contract/thing.ts';\nexport type taken = thing;\n",
  'takes-book': "import { value } from '../../src/book/value.ts';\nexport const taken = value;\n",
  'takes-indicators': "import { value } from '../../src/indicators/value.ts';\nexport const taken = value;\n",
  'takes-model-types': "import type { thing } from '../../src/model/thing.ts';\nexport type taken = thing;\n",
  'takes-react': "import { createElement } from 'react';\nexport const taken = createElement;\n",
  'takes-model-code': "import { value } from '../../src/model/value.ts';\nexport const taken = value;\n",
  'takes-base': "import type { thing } from '../../src/base/thing.ts';\nexport type taken = thing;\n",
  'takes-core': "import type { thing } from '../../src/core/thing.ts';\nexport type taken = thing;\n",
  'takes-adapters': "import type { thing } from '../../src/adapters/thing.ts';\nexport type taken = thing;\n",
  'takes-npm': "import { parse } from 'yaml';\nexport const taken = parse;\n",
  'takes-node': "import { readFileSync } from 'node:fs';\nexport const taken = readFileSync;\n",
};
const DASHBOARD_PERMITTED = ['takes-itself', 'takes-contract', 'takes-book', 'takes-indicators', 'takes-model-types', 'takes-react'];

interface Cruise {
  readonly summary: { readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[] };
}

describe('the import fence', () => {
  const tree = new ScratchTree();
  const broken = new Map<string, string[]>();

  beforeAll(async () => {
    for (const ring of RINGS) {
      tree.write(`src/${ring}/thing.ts`, 'export type thing = 1;\n');
      for (const target of TARGETS) {
        if (target !== ring) tree.write(`src/${ring}/takes-${target}.ts`, `${importOf(target)}\nexport type taken = typeof thing;\n`);
      }
    }
    tree.write('web/src/thing.ts', 'export type thing = 1;\n');
    for (const ring of ['book', 'indicators', 'model']) tree.write(`src/${ring}/value.ts`, 'export const value = 1;\n');
    for (const [name, text] of Object.entries(DASHBOARD)) tree.write(`web/src/${name}.ts`, text);
    tree.write('src/app/takes-dashboard.ts', "import type { thing } from '../../web/src/thing.ts';\nexport type taken = thing;\n");
    tree.write('src/core/strategy/strategy.ts', 'export type thing = 1;\n');
    for (const [file, text] of Object.entries(OTHERS)) tree.write(file, text);
    const output = await tree.run('dependency-cruiser', 'depcruise', [
      '--config',
      '.dependency-cruiser.mjs',
      '--output-type',
      'json',
      'src',
      'web',
    ]);
    for (const { from, rule } of (JSON.parse(output) as Cruise).summary.violations)
      broken.set(from, [...(broken.get(from) ?? []), rule.name]);
  }, TOOL_TIMEOUT_MS);
  afterAll(() => tree.remove());

  it.each(RINGS)('%s imports exactly what the law permits', (ring) => {
    const caught = TARGETS.filter((target) => broken.get(`src/${ring}/takes-${target}.ts`)?.includes(`arrows-of-${ring}`));
    const permitted = PERMITTED[ring]!.split(' ');
    expect(caught).toEqual(TARGETS.filter((target) => target !== ring && !permitted.includes(target)));
  });

  it('the dashboard imports contract, book, indicators, types of the model and its own packages, and nothing else', () => {
    const clean = Object.keys(DASHBOARD).filter((name) => !broken.has(`web/src/${name}.ts`));
    expect(clean).toEqual(DASHBOARD_PERMITTED);
    expect(broken.get('web/src/takes-model-code.ts')).toEqual(['dashboard-takes-types-only']);
    expect(broken.get('web/src/takes-core.ts')).toEqual(['arrows-of-the-dashboard']);
  });

  it('nothing imports the dashboard', () => {
    expect(broken.get('src/app/takes-dashboard.ts')).toContain('dashboard-is-a-leaf');
  });

  it.each([
    ['a circle', 'src/core/circle-one.ts', 'no-circles'],
    ['an adapter that imports another', 'src/adapters/files/reader.ts', 'adapters-are-strangers'],
    ['a door that reaches too far', 'src/greedy-door.ts', 'arrows-of-the-door'],
    ['a file that goes through the door', 'src/app/through-the-door.ts', 'arrows-of-app'],
    ['a ring that is not on the map', 'src/attic/forgotten.ts', 'ring-unknown'],
    ['shipped code that needs a development dependency', 'src/runtime/needs-a-test-tool.ts', 'shipped-code-imports-shipped-code'],
    ['shipped code that needs a test', 'src/runtime/needs-a-test.ts', 'tests-are-leaves'],
    ['shipped code that needs a fixture', 'src/runtime/needs-a-fixture.ts', 'tests-are-leaves'],
    ['an import that leads nowhere', 'src/runtime/into-the-void.ts', 'no-missing-file'],
  ])('%s is caught', (_what, file, rule) => {
    expect(broken.get(file)).toEqual([rule]);
  });

  it('a permitted import is not reported', () => {
    const permitted = RINGS.flatMap((ring) => PERMITTED[ring]!.split(' ').map((target) => `src/${ring}/takes-${target}.ts`));
    const clean = [...permitted, 'src/index.ts', 'src/adapters/files/neighbor.ts', 'src/core/free.test.ts', 'src/runtime/proof.fixture.ts'];
    expect(clean.filter((file) => broken.has(file))).toEqual([]);
  });
});
