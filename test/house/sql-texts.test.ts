import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const FOLDER = path.resolve(import.meta.dirname, '../../src/adapters/postgres');

/** A template that reads like a statement. */
const STATEMENT =
  /`(?:[^`\\]|\\.)*?\b(?:select|insert into|update|delete from|truncate|grant|revoke|create|drop|alter)\b(?:[^`\\]|\\.)*?`/gi;
/** Constants of the program, which no caller can set. */
const CONSTANT = /^(?:[A-Z][A-Z0-9_]*|0x[0-9a-f]+)$/;
/** What is put into statements from elsewhere, with why it cannot be an injection. */
const JUDGED: Readonly<Record<string, string>> = {
  'column-batch.ts table': 'the name of a table, of a constant of this folder',
  "column-batch.ts names.join(', ')": 'names of columns, of the same constant',
  "column-batch.ts arrays.join(', ')": 'placeholders with types, of the same constant',
  'migrate.ts name': 'a role, quoted as an identifier with its quotes doubled; only init-db --app-role gives it',
};

/** Placeholders of statements that are built from texts, as `file placeholder`. */
function placeholders(file: string, source: string): string[] {
  const found: string[] = [];
  for (const [template] of source.matchAll(STATEMENT)) {
    // Whole sentences of errors hold such words too; a statement begins with one.
    if (!/^`\s*(?:select|insert|update|delete|truncate|grant|revoke|create|drop|alter|with)\b/i.test(template)) continue;
    for (const [, inside] of template.matchAll(/\$\{([^}]*)\}/g)) if (!CONSTANT.test(inside!)) found.push(`${file} ${inside}`);
  }
  return found;
}

describe('statements of the database', () => {
  it('SEC-24: hold values as parameters: what is put into a text was judged here, by name', () => {
    const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
    );
    const found = new Set(files.flatMap((file) => placeholders(path.basename(file), readFileSync(path.join(FOLDER, file), 'utf8'))));
    expect([...found].sort()).toEqual(Object.keys(JUDGED).sort());
  });

  it('SEC-24: the search finds a statement with a value in its text', () => {
    expect(placeholders('x.ts', "run(`select * from users where name = '${name}'`)")).toEqual(['x.ts name']);
    expect(placeholders('x.ts', 'run(`update t set a = $1 limit ${PAGE_MAX}`)')).toEqual([]);
  });
});
