import { describe, expect, it } from 'vitest';
import { assert, InvariantError, unreachable } from './assert.ts';

describe('assert', () => {
  it('passes what is true and stops with the message where it is not', () => {
    expect(() => assert(true, 'never seen')).not.toThrow();
    expect(() => assert(false, 'a price is above zero')).toThrow(new InvariantError('a price is above zero'));
  });

  it('throws an error that can be told from others by its name', () => {
    expect(new InvariantError('x').name).toBe('InvariantError');
  });
});

describe('unreachable', () => {
  it('names the value that lied about its type', () => {
    expect(() => unreachable({ kind: 'Comet' } as never)).toThrow('unreachable case: {"kind":"Comet"}');
  });
});
