import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { identifiersIn, testsByIdentifier } from '../../scripts/docs/identifier-page.ts';
import { generatedPages } from '../../scripts/docs/pages.ts';
import { CODES } from '../../src/model/codes/catalogue.ts';
import { IDENTIFIERS_IN_SCOPE } from './identifiers-in-scope.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

function markdownFiles(): string[] {
  const inDocs = readdirSync(path.join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map(
    (file) => `docs/${file.replaceAll('\\', '/')}`,
  );
  const folders = ['', 'bench/', 'reference/', 'examples/'];
  const outside = folders.flatMap((folder) => readdirSync(path.join(ROOT, folder || '.')).map((file) => `${folder}${file}`));
  return [...outside, ...inDocs].filter((file) => file.endsWith('.md')).sort();
}

/** Headings as anchors, by GitHub's rule: lower case, punctuation dropped, spaces to hyphens. */
function anchorsOf(text: string): Set<string> {
  const headings = withoutCode(text).matchAll(/^#{1,6}\s+(.+)$/gm);
  return new Set(
    [...headings].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(/\s/g, '-'),
    ),
  );
}

function withoutCode(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```/gm, '');
}

/** Links to files of this repository that lead nowhere. */
function deadLinks(file: string, text: string): string[] {
  const links = [
    ...withoutCode(text)
      .replaceAll(/`[^`\n]*`/g, '')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ].map(([, link]) => link!);
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [target, anchor] = link.split('#');
    const full = target === '' ? path.join(ROOT, file) : path.join(ROOT, path.dirname(file), target!);
    if (!existsSync(full)) return true;
    return anchor !== undefined && full.endsWith('.md') && !anchorsOf(readFileSync(full, 'utf8')).has(anchor);
  });
}

describe('the pages', () => {
  it.each(markdownFiles())('every link in %s leads somewhere', (file) => {
    expect(deadLinks(file, read(file))).toEqual([]);
  });

  it('a dead link and a dead anchor are found, and a good one passes', () => {
    const text = '# A title\n[a](nowhere.md) [b](#a-title) [c](README.md#no-such-part) [d](https://example.org) `[e](code.md)`';
    expect(deadLinks('README.md', text)).toEqual(['nowhere.md', '#a-title', 'README.md#no-such-part']);
    expect(deadLinks('README.md', '[a](LICENSE) [b](docs/README.md)')).toEqual([]);
  });

  it('the index of decisions names every decision, and every decision has its parts', () => {
    const pages = readdirSync(path.join(ROOT, 'docs/decisions')).filter((file) => /^\d{4}-.*\.md$/.test(file));
    const index = read('docs/decisions/README.md');
    expect(pages.filter((page) => !index.includes(`](${page})`))).toEqual([]);
    const parts = ['## Why', '## Decision', '## What follows'];
    expect(
      pages.filter((page) => !page.startsWith('0000-') && parts.some((part) => !read(`docs/decisions/${page}`).includes(part))),
    ).toEqual([]);
  });

  it('the index of the docs names every page of the reference', () => {
    const index = read('docs/README.md');
    expect(readdirSync(path.join(ROOT, 'docs/reference')).filter((page) => !index.includes(`](reference/${page})`))).toEqual([]);
  });
});

describe('the reference', () => {
  it.each([...generatedPages(ROOT)])('%s agrees with the code (else: npm run docs)', (file, text) => {
    expect(read(file)).toBe(text);
  });

  it('every code is on the page of codes, and the page has no other', () => {
    const onPage = [...read('docs/reference/errors.md').matchAll(/^\| `([A-Z0-9_]+)` \|/gm)].map(([, code]) => code!);
    expect(onPage.sort()).toEqual(Object.keys(CODES).sort());
  });

  it('no code is declared in two files', () => {
    const files = readdirSync(path.join(ROOT, 'src/model/codes')).filter((file) => !/catalogue|test/.test(file));
    const declared = files.flatMap((file) =>
      [...read(`src/model/codes/${file}`).matchAll(/^ {2}([A-Z][A-Z0-9_]+): \{/gm)].map(([, code]) => code!),
    );
    expect(declared.filter((code, index) => declared.indexOf(code) !== index)).toEqual([]);
    expect(new Set(declared)).toEqual(new Set(Object.keys(CODES)));
  });

  it('every code says in sentences what it means and what to do', () => {
    const poor = Object.entries(CODES as Record<string, { meaning: string; fix: string }>).filter(
      ([code, text]) => !/^[A-Z][A-Z0-9_]+$/.test(code) || !/^[A-Z].*[.)]$/.test(text.meaning) || !/^[A-Z].*[.)]$/.test(text.fix),
    );
    expect(poor).toEqual([]);
  });
});

describe('the ids of invariants, scenarios and controls', () => {
  const tests = testsByIdentifier(ROOT);

  it.each(Object.keys(IDENTIFIERS_IN_SCOPE))('%s is carried by the name of a test', (identifier) => {
    expect(tests.get(identifier) ?? []).not.toEqual([]);
  });

  it('an id counts in the name of a test that runs, not in a comment, a skipped test or a value', () => {
    const text = [
      "it('S-01: a fill comes first', () => {});",
      "describe('INV-02 holds', () => { it.skip('S-02', () => {}); it.todo('S-03'); });",
      "it.each([['C-03', 1]])('%s denies', () => { expect('S-06').toBe(1); });",
      "it.skipIf(noData)('SEC-01 is kept', () => {}); // S-08",
    ].join('\n');
    expect([...identifiersIn('a.test.ts', text)].sort()).toEqual(['C-03', 'INV-02', 'S-01', 'SEC-01']);
  });
});
