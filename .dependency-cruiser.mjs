import { ARROWS, DOOR_ARROWS, DOOR_USER, TEST_FILE, WEB_ARROWS, WEB_PACKAGES, WEB_TYPE_ARROWS } from './scripts/house/rings.mjs';

const NPM = '(^|/)node_modules/';

/** One pattern for everything that a ring may import. A slash means one module and the files in the folder of its name. */
function targets(rings) {
  const paths = rings.filter((ring) => ring !== 'npm').map((ring) => (ring.includes('/') ? `${ring}(\\.ts$|/)` : `${ring}/`));
  return `^src/(${paths.join('|')})`;
}

/** What the ring must not reach: anything that resolves to a path (package, Node module, file) outside its arrows. */
function arrowRule(name, from, allowed) {
  const open = allowed.includes('npm');
  return {
    name,
    comment: `Law 1: may import ${allowed.length === 0 ? 'nothing' : allowed.join(', ')}.`,
    severity: 'error',
    from: { path: from, pathNot: TEST_FILE },
    to: open
      ? { pathNot: [targets([...allowed]), NPM], dependencyTypesNot: ['core'], couldNotResolve: false }
      : { pathNot: targets(allowed), couldNotResolve: false },
  };
}

const arrows = Object.entries(ARROWS).map(([ring, allowed]) => arrowRule(`arrows-of-${ring}`, `^src/${ring}/`, [ring, ...allowed]));

/** The module that hands the door to users' strategies is of the ring app, and may import the door besides. */
const appRule = arrows.find(({ name }) => name === 'arrows-of-app');
appRule.from.pathNot = [TEST_FILE, `^${DOOR_USER.replaceAll('.', '\\.')}$`];
const doorUser = arrowRule('arrows-of-the-door-user', `^${DOOR_USER.replaceAll('.', '\\.')}$`, ['app', ...ARROWS.app]);
doorUser.to.pathNot = [...doorUser.to.pathNot, '^src/index\\.ts$'];

const web = { path: '^web/src/', pathNot: TEST_FILE };
const webPackages = `(^|/)node_modules/(@types/)?(${WEB_PACKAGES.join('|')})/`;
const webRules = [
  {
    name: 'arrows-of-the-dashboard',
    comment: `Law 1: the dashboard may import itself, ${WEB_ARROWS.join(', ')}, types of ${WEB_TYPE_ARROWS.join(', ')}, and its packages.`,
    severity: 'error',
    from: web,
    to: { pathNot: ['^web/src/', `^src/(${[...WEB_ARROWS, ...WEB_TYPE_ARROWS].join('|')})/`, webPackages], couldNotResolve: false },
  },
  {
    name: 'dashboard-takes-types-only',
    comment: `Law 1: of ${WEB_TYPE_ARROWS.join(', ')} the dashboard takes types, and no code.`,
    severity: 'error',
    from: web,
    to: { path: `^src/(${WEB_TYPE_ARROWS.join('|')})/`, dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'dashboard-is-a-leaf',
    comment: 'Law 1: nothing that is shipped as the program imports the dashboard.',
    severity: 'error',
    from: { path: '^src/', pathNot: TEST_FILE },
    to: { path: '^web/' },
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...arrows,
    ...webRules,
    doorUser,
    // Nobody else inside imports the door: it is in no ring's arrows.
    arrowRule('arrows-of-the-door', '^src/[^/]+\\.ts$', DOOR_ARROWS),
    {
      name: 'ring-unknown',
      comment: 'Law 1: a folder under src/ that is not in the table has no arrows; add it to scripts/house/rings.mjs.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: `^src/(${Object.keys(ARROWS).join('|')})/` },
      to: {},
    },
    {
      name: 'adapters-are-strangers',
      comment: 'Law 1: no adapter imports another adapter.',
      severity: 'error',
      from: { path: '^src/adapters/([^/]+)/' },
      to: { path: '^src/adapters/', pathNot: '^src/adapters/$1/' },
    },
    { name: 'no-circles', comment: 'Law 1: no circles.', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'shipped-code-imports-shipped-code',
      comment: 'A test, a script or a development dependency is not there when the package is installed.',
      severity: 'error',
      from: { path: '^src/', pathNot: TEST_FILE },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], couldNotResolve: false },
    },
    {
      name: 'tests-are-leaves',
      comment: 'No shipped file imports a test.',
      severity: 'error',
      from: { path: '^src/', pathNot: TEST_FILE },
      to: { path: TEST_FILE },
    },
    {
      name: 'no-missing-file',
      comment: 'The import leads nowhere.',
      severity: 'error',
      from: { path: '^(src|web)/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js', '.json'],
      conditionNames: ['types', 'import', 'node', 'default'],
      exportsFields: ['exports'],
    },
    skipAnalysisNotInRules: true,
  },
};
