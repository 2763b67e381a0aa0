import { SourceMap } from 'node:module';
import path from 'node:path';
import { upperBound } from '../../base/sorted-search.ts';

/** A place in a user's file: line and column from 1. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Text that was put in place of `[start, end)` of the bundle, to make what is run. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Leads from a bundle, and from the edited text that is run, back to the user's files. */
export class BundleMap {
  private readonly map: SourceMap;
  private readonly folder: string;
  private readonly lineStarts: Float64Array;

  /** @param mapText source map (version 3) with paths relative to `folder` */
  constructor(bundle: string, mapText: string, folder: string) {
    this.map = new SourceMap(JSON.parse(mapText) as ConstructorParameters<typeof SourceMap>[0]);
    this.folder = folder;
    this.lineStarts = lineStartsOf(bundle);
  }

  /** The place that an offset of the bundle comes from; null for the bundler's own lines. */
  placeOf(offset: number): SourcePlace | null {
    const line = lineAt(this.lineStarts, offset);
    const entry = this.map.findEntry(line, offset - this.lineStarts[line]!);
    if (!('originalSource' in entry)) return null;
    return { file: path.resolve(this.folder, entry.originalSource), line: entry.originalLine + 1, column: entry.originalColumn + 1 };
  }
}

/** Applies edits and remembers them, so that a place in the result can be found in the bundle again. */
export class EditedText {
  readonly text: string;
  private readonly edits: readonly Edit[];
  private readonly lineStarts: Float64Array;

  constructor(bundle: string, edits: readonly Edit[]) {
    this.edits = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
    let text = '';
    let at = 0;
    for (const edit of this.edits) {
      text += bundle.slice(at, edit.start) + edit.text;
      at = edit.end;
    }
    this.text = text + bundle.slice(at);
    this.lineStarts = lineStartsOf(this.text);
  }

  /** Offset in the bundle of a line and column (from 1) of the edited text. */
  bundleOffset(line: number, column: number): number {
    const offset = (this.lineStarts[line - 1] ?? this.text.length) + column - 1;
    let shift = 0;
    for (const { start, end, text } of this.edits) {
      const startHere = start + shift;
      if (offset < startHere) break;
      if (offset < startHere + text.length) return start;
      shift += text.length - (end - start);
    }
    return offset - shift;
  }
}

function lineStartsOf(text: string): Float64Array {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return Float64Array.from(starts);
}

/** The last line that begins at or before an offset. */
function lineAt(starts: Float64Array, offset: number): number {
  return upperBound(starts, 1, starts.length, offset) - 1;
}
