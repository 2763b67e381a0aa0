/**
 * Characters that would let a text leave its line or dress up as another: controls (CR, LF, ESC of terminal sequences, C1 with its one-byte CSI), line and
 * paragraph separators, marks that turn the direction of reading, and halves of surrogate pairs. The backslash is written double, so that what is written
 * can be told from what was there.
 */
const UNPRINTABLE = /[\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * Writes a text so that it stays within one line of a log and can send nothing to a terminal.
 *
 * @param lengthMax code units kept of the text; what is cut is said by a count
 */
export function printableLine(text: string, lengthMax = 1000): string {
  const kept = text.length > lengthMax ? text.slice(0, lengthMax) : text;
  const line = kept.replace(UNPRINTABLE, (character) => (character === '\\' ? '\\\\' : escaped(character)));
  return kept === text ? line : `${line}… (${text.length - lengthMax} more)`;
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
}
