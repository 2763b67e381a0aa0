import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder, problemOf } from '../../../../test/files-kit.ts';
import { MessageLines } from './message-lines.ts';

const folder = makeFolder();
afterAll(folder.remove);

function linesOf(lines: MessageLines): [string, number | undefined][] {
  const out: [string, number | undefined][] = [];
  while (lines.next()) out.push([lines.text(lines.from), lines.place.line]);
  return out;
}

describe('the lines of recordings', () => {
  it('are those of all files in order, without line ends of either kind, a mark of byte order, and empty lines', () => {
    const first = folder.write('first.txt', '\uFEFFa\r\n\r\nb\n\n');
    const second = folder.write('second.txt', '\nc');
    const lines = new MessageLines([first, second]);
    expect(lines.progress).toBe(0);
    expect(linesOf(lines)).toEqual([
      ['a', 1],
      ['b', 3],
      ['c', 2],
    ]);
    expect([lines.place.file, lines.progress]).toEqual([second, 1]);
  });

  it('come whole though a file is longer than what is held at a time; a longer line is refused', () => {
    const line = 'x'.repeat(300_000);
    const path = folder.write('long.txt', `${line}\n${line}\n${line}\n${line}\n${line}\n`);
    expect(linesOf(new MessageLines(path)).map(([text, at]) => [text.length, at])).toEqual([1, 2, 3, 4, 5].map((at) => [300_000, at]));
    const tooLong = folder.write('too-long.txt', `a\n${'x'.repeat(1_100_000)}\n`);
    const problem = problemOf(() => linesOf(new MessageLines(tooLong)));
    expect([problem.code, problem.file, problem.line]).toEqual(['LINE_TOO_LONG', tooLong, 2]);
  });
});
