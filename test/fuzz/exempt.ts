/**
 * Functions that are called as parsers are and are not fuzzed by themselves, each with its reason. A test fails where one is neither here nor in the
 * inventory, and where one here is no more.
 */
export const EXEMPT: Readonly<Record<string, string>> = {
  'src/app/init/templates.ts#readmeFile': 'writes a text, and reads none',
  'src/core/orders/order-options.ts#readableOptions': 'names fields of an order that the core has made',
  'src/security/chance.ts#readableCode': 'makes a code, and reads none',
  'src/app/strategies/load-strategy-file.ts#loadStrategyFile':
    'runs what it reads: a strategy that never ends is the business of whoever wrote it. Its check is fuzzed as strategy-source',
  'src/app/session/open-session-replay.ts#openSessionReplay': 'the journal and its records, which are fuzzed as journal and session-record',
  'src/app/session/session-folder.ts#openSessionFolder': 'the journal and its first record, which are fuzzed as journal and session-plan',
  'src/app/session/session-desk.ts#openDesk': 'opens what the session has made; reads nothing from outside but the database settings',
  'src/app/session/live-market.ts#openLiveMarket':
    'makes a feed of what the run file says; what comes through it is fuzzed as feed-message',
  'src/runtime/session/session-snapshots.ts#loadCore': 'hands over what was decoded; it is called by what is fuzzed as session-snapshot',
  'src/runtime/session/snapshot-codec.ts#decodeSnapshotHead': 'the head of what is fuzzed as session-snapshot',
  'src/app/access/open-access.ts#openAuth': 'opens what the database holds; what a database holds is written by the program',
  'src/app/access/open-access.ts#openSecrets':
    'finds a key and opens what the database holds; the texts of keys are fuzzed by the target of key sources',
  'src/adapters/binance/ws-transport.ts#openWebSocket': 'opens a socket of the library; what comes through it is fuzzed as feed-message',
};
