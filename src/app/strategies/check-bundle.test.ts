import { parse } from 'acorn';
import { describe, expect, it } from 'vitest';
import { checkBundle } from './check-bundle.ts';

function valuesRefused(code: string): readonly string[] {
  return checkBundle(parse(code, { ecmaVersion: 'latest', sourceType: 'module' })).findings.map(({ value }) => value);
}

describe('names in a strategy', () => {
  it.each([
    ['a parameter', 'const f = (Date) => Date.now();'],
    ['a destructured parameter with a default', 'const f = ({ process: { fetch = 1 } = {} }) => fetch;'],
    ['a block variable', '{ let window = 1; window; }'],
    ['a hoisted var', 'const f = () => { self; { var self = 1; } };'],
    ['a hoisted function', 'require(); function require() {}'],
    ['a caught error', 'try {} catch (process) { process.x; }'],
    ["a class expression's own name", 'const C = class Worker { m() { return Worker; } };'],
    ['a loop variable', 'for (const global of [1]) global;'],
    ['a label', 'Date: for (;;) break Date;'],
    ['a key and a member', 'const o = { Date: 1 }; o.process;'],
    ['a method and a field', 'class A { fetch() {} Date = 1; #eval = 2; }'],
    ['a case of a switch', 'switch (1) { case 1: let crypto = 1; crypto; }'],
  ])('may be declared as what they like: %s', (_what, code) => {
    expect(valuesRefused(code)).toEqual([]);
  });

  it.each([
    ['beside a shadow in another block', '{ let Date = 1; Date; } Date.now();', ['Date']],
    ['in a default of a parameter', 'const f = (a = process) => a;', ['process']],
    ['in a computed key', 'const o = { [fetch]: 1 };', ['fetch']],
    ['as a shorthand', 'const o = { crypto };', ['crypto']],
    ['in a template', '`${performance}`;', ['performance']],
    ['behind typeof', 'typeof Date;', ['Date']],
    ['as what a class extends', 'class A extends Promise {}', ['Promise']],
    ['before a var of an inner function', 'Date; function f() { var Date = 1; return Date; }', ['Date']],
    ['that the language does not have', 'somethingNew();', ['somethingNew']],
    ['kept under another name', 'const M = Math; M.random();', ['Math']],
    ['read by a computed member', "Math['ran' + 'dom']();", ['Math']],
    ['read by a literal member', "Math['random']();", ['Math']],
  ])('are refused where they are the globals: %s', (_what, code, expected) => {
    expect(valuesRefused(code)).toEqual(expected);
  });

  it('are free to use the language', () => {
    const code =
      'class E extends Error {} new Map([[1, Math.max(1, 2)]]); [1].map(String).filter(Boolean); x instanceof Array; let x = Object.keys({}); NaN; typeof undefined;';
    expect(valuesRefused(code)).toEqual([]);
  });
});

describe('computed keys', () => {
  const keysOf = (code: string): number => checkBundle(parse(code, { ecmaVersion: 'latest', sourceType: 'module' })).computedKeys.length;

  it('are checked at run time where they could be words', () => {
    expect(keysOf('const a = [], k = 1; a[k]; a?.[k]; const { [k]: v } = a; a[`${k}`]; a[k + 1];')).toBe(5);
  });

  it('are left alone where they can only be numbers or are written out', () => {
    expect(keysOf("const a = []; let k = 1; a[0]; a['x']; a[k - 1]; a[k++]; a[-k]; a[k | 0]; ({ [k]: 1 });")).toBe(0);
  });
});

describe('state of the module', () => {
  it.each([
    ['a counter', 'let n = 0; export function f() { n += 1; }', ['n']],
    ['a cache', 'const c = new Map(); export const f = () => c.set(1, 2);', ['c.set']],
    ['an indicator', 'class X { update() {} } const x = new X(); export const f = () => x.update();', ['x.update']],
    ['a static field', 'class S { static n = 0; m() { S.n += 1; } }', ['S']],
    ['an element by destructuring', 'const t = [0]; const f = () => { [t[0]] = [1]; };', ['t']],
  ])('may not be changed by functions: %s', (_what, code, expected) => {
    expect(valuesRefused(code)).toEqual(expected);
  });

  it('may be built while the file is loaded, and read', () => {
    expect(
      valuesRefused('const t = []; for (let i = 0; i < 3; i++) t.push(i); let last = 0; last = 2; export const f = () => t[0] + last;'),
    ).toEqual([]);
  });
});
