import { CODES, type CodeText } from '../../src/model/codes/catalogue.ts';
import { API_CODES } from '../../src/model/codes/api.ts';
import { CONFIG_CODES } from '../../src/model/codes/config.ts';
import { DATA_CODES } from '../../src/model/codes/data.ts';
import { MARKET_DATA_CODES } from '../../src/model/codes/market-data.ts';
import { PORTFOLIO_CODES } from '../../src/model/codes/portfolio.ts';
import { RISK_CODES } from '../../src/model/codes/risk.ts';
import { RUNTIME_CODES } from '../../src/model/codes/runtime.ts';
import { SECURITY_CODES } from '../../src/model/codes/security.ts';
import { STORE_CODES } from '../../src/model/codes/store.ts';
import { VENUE_CODES } from '../../src/model/codes/venue.ts';

interface Section {
  readonly title: string;
  readonly intro: string;
  readonly codes: Readonly<Record<string, CodeText>>;
}

const KNOWN_SECTIONS: readonly Section[] = [
  { title: 'The API', intro: 'The API refused a request, or a running session a command.', codes: API_CODES },
  { title: 'Risk and orders', intro: 'The risk manager denied the order, or the order manager alerts.', codes: RISK_CODES },
  { title: 'Portfolio', intro: 'Something about accounts, positions or money.', codes: PORTFOLIO_CODES },
  { title: 'Market data', intro: 'A row of market data was refused while the run went on.', codes: MARKET_DATA_CODES },
  { title: 'Data files', intro: 'A file was refused; nothing of it was imported.', codes: DATA_CODES },
  { title: 'Data store', intro: 'The columnar store could not be written, read or trusted.', codes: STORE_CODES },
  { title: 'Simulated venue', intro: 'The simulated venue rejected an order or could not go on.', codes: VENUE_CODES },
  { title: 'Configuration', intro: 'A run file, an option or a strategy was refused.', codes: CONFIG_CODES },
  { title: 'Running', intro: 'Something went wrong while the program ran.', codes: RUNTIME_CODES },
  { title: 'Security', intro: 'Somebody was refused, or a secret, its key or the audit log cannot be trusted.', codes: SECURITY_CODES },
];

/** A part of the catalogue that this page does not know yet is shown all the same, at the end. */
function sections(): readonly Section[] {
  const known = new Set(KNOWN_SECTIONS.flatMap(({ codes }) => Object.keys(codes)));
  const others = Object.fromEntries(Object.entries(CODES).filter(([code]) => !known.has(code)));
  return Object.keys(others).length === 0 ? KNOWN_SECTIONS : [...KNOWN_SECTIONS, { title: 'Others', intro: 'The rest.', codes: others }];
}

/** A cell must not end its column. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** docs/reference/errors.md as the catalogue in src/model/codes/ has it. */
export function errorPage(): string {
  const lines = [
    '# Codes',
    '',
    'Every refusal, alert and error carries one of these codes. This page is generated from `src/model/codes/` by `npm run docs`.',
  ];
  for (const { title, intro, codes } of sections()) {
    const names = Object.keys(codes).sort();
    lines.push('', `## ${title}`, '', names.length === 0 ? `${intro} There are none.` : intro);
    if (names.length === 0) continue;
    lines.push('', '| Code | What it means | What to do |', '|---|---|---|');
    for (const name of names) lines.push(`| \`${name}\` | ${cell(codes[name]!.meaning)} | ${cell(codes[name]!.fix)} |`);
  }
  return `${lines.join('\n')}\n`;
}
