import { inputError } from './input-problem.ts';

/** True of a field that could be no column's name. */
export function isNumber(name: string): boolean {
  return /^[+-]?\d+([.,]\d+)*$/.test(name);
}

/** Columns by number say nothing of a header, and this one would be lost as a row. */
export function rowForHeader(file: string, header: readonly string[]): Error {
  return inputError('FORMAT_INVALID', {
    file,
    line: 1,
    value: header.join(' | '),
    rule: 'The first line has numbers in it, so it is a row and no header, and nothing says that the file has no header.',
    fix: 'State header: false (data import: --header false), or header: true if it is one.',
  });
}
