import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const SECTIONS = [
  { title: 'Events', file: 'src/model/events.ts', intro: 'Events tell: they have happened.' },
  { title: 'Commands', file: 'src/model/commands.ts', intro: 'Commands ask: the venue may refuse.' },
  {
    title: 'Venue reports',
    file: 'src/model/reports.ts',
    intro: 'What a venue says about an order; the order manager makes events of them.',
  },
] as const;

/** The text of a doc comment, in one line; tags (`@returns` and the like) left out. */
function docOf(node: ts.Node): string {
  const text = ts
    .getJSDocCommentsAndTags(node)
    .filter(ts.isJSDoc)
    .map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? '')
    .join(' ');
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim();
}

function memberRow(member: ts.TypeElement, source: ts.SourceFile): string {
  if (!ts.isPropertySignature(member) || member.type === undefined) return '';
  const type = member.type.getText(source).replace(/\s+/g, ' ').replaceAll('|', '\\|');
  return `| \`${member.name.getText(source)}\`${member.questionToken === undefined ? '' : ' (optional)'} | \`${type}\` | ${docOf(member)} |`;
}

function interfaceLines(node: ts.InterfaceDeclaration, source: ts.SourceFile): string[] {
  const bases = (node.heritageClauses ?? []).flatMap((clause) => clause.types.map((type) => `\`${type.getText(source)}\``));
  const inherits = bases.length === 0 ? '' : `Has the fields of ${bases.join(', ')} as well.`;
  const text = [docOf(node), inherits].filter((part) => part !== '').join(' ');
  const rows = node.members.map((member) => memberRow(member, source)).filter((row) => row !== '');
  return [
    '',
    `### ${node.name.text}`,
    ...(text === '' ? [] : ['', text]),
    ...(rows.length === 0 ? [] : ['', '| Field | Type | |', '|---|---|---|', ...rows]),
  ];
}

/** docs/reference/events.md as the types in src/model/ have it. */
export function eventPage(root: string): string {
  const lines = [
    '# Events, commands and reports',
    '',
    'What crosses the borders of the core. This page is generated from the types in `src/model/` by `npm run docs`.',
    'Times are microseconds since the epoch; prices and quantities are counts of the instrument’s increments; money is a `bigint`.',
  ];
  for (const { title, file, intro } of SECTIONS) {
    const source = ts.createSourceFile(file, readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.ES2023, true);
    lines.push('', `## ${title}`, '', intro);
    for (const statement of source.statements) if (ts.isInterfaceDeclaration(statement)) lines.push(...interfaceLines(statement, source));
  }
  return `${lines.join('\n')}\n`;
}
