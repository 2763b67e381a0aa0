/**
 * The house as data: which ring may import which (law 1), and which rings are free of the outside world (laws 2 and 3).
 * The import fence, the linter and the house rules all read this table, so that the three cannot disagree.
 */

/** Ring → what it may import besides itself. `npm` stands for packages and Node's own modules. A path with a slash is one module. */
export const ARROWS = {
  base: [],
  model: ['base'],
  book: ['model', 'base'],
  indicators: ['model', 'base'],
  core: ['book', 'indicators', 'model', 'base'],
  strategies: ['core/strategy/strategy', 'book', 'indicators', 'model', 'base'],
  ports: ['model', 'base'],
  sim: ['ports', 'book', 'model', 'base'],
  research: ['indicators', 'model', 'base'],
  contract: ['model', 'base', 'npm'],
  adapters: ['ports', 'contract', 'book', 'model', 'base', 'npm'],
  security: ['ports', 'contract', 'book', 'model', 'base', 'npm'],
  operations: ['ports', 'contract', 'book', 'model', 'base', 'npm'],
  runtime: ['core', 'sim', 'research', 'ports', 'book', 'model', 'base', 'npm'],
  app: [
    ...['base', 'model', 'book', 'indicators', 'core', 'strategies', 'ports', 'sim', 'research', 'contract', 'adapters', 'security'],
    ...['operations', 'runtime', 'npm'],
  ],
};

/**
 * The dashboard (web/src) is no ring: nothing imports it. It may import these, and of the model the types alone; its packages are bundled
 * into its files, so they are development dependencies here.
 */
export const WEB_ARROWS = ['contract', 'book', 'indicators'];
export const WEB_TYPE_ARROWS = ['model'];
export const WEB_PACKAGES = ['react', 'react-dom', 'lightweight-charts', 'uqr', '@sinclair/typebox'];

/** Rings without I/O, clock or chance: they run unchanged in a browser and in a worker. */
export const PURE_RINGS = ['base', 'model', 'book', 'indicators', 'core', 'strategies', 'sim', 'research'];

/** The one module that may import the door: it hands the door to users' strategies, so that they extend the engine's own class. */
export const DOOR_USER = 'src/app/strategies/evaluate-bundle.ts';

/** `src/index.ts` is what users' strategies import, so it reaches as far as a strategy may, and no further. */
export const DOOR_ARROWS = ['core/strategy/strategy', 'strategies', 'book', 'indicators', 'model', 'base'];

/** Tests, and what only tests use (`x.fixture.ts`), may import anything; they are never shipped, and no shipped file may import them. */
export const TEST_FILE = '\\.(test|fixture)\\.ts$';
export const TEST_GLOBS = ['**/*.test.ts', '**/*.fixture.ts'];

/** Folder and file names that say nothing about what is inside. */
export const EMPTY_NAMES = ['utils', 'util', 'helpers', 'helper', 'common', 'misc'];

export const FILE_LINES_MAX = 500;
export const FUNCTION_LINES_MAX = 70;
