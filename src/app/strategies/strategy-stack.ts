import type { BundleMap, EditedText, SourcePlace } from './source-map.ts';

/** Strategies that were loaded, by the name that their code runs under: at most this many, the oldest gives way. */
const BUNDLES_MAX = 1000;
const bundles = new Map<string, { readonly prepared: EditedText; readonly map: BundleMap }>();

const FRAME = /strategy:([0-9a-f]{12}\/[^\s():]+):(\d+):(\d+)/g;

/** Registers a bundle and returns the file name to compile it under, which shows up in stacks. */
export function rememberBundle(name: string, prepared: EditedText, map: BundleMap): string {
  const key = name.split('/').map(encodeURIComponent).join('/');
  bundles.delete(key);
  bundles.set(key, { prepared, map });
  if (bundles.size > BUNDLES_MAX) bundles.delete(bundles.keys().next().value!);
  return `strategy:${key}`;
}

/** The text of a stack with places in strategies' bundles turned into places in their files. */
export function mapStrategyStack(stack: string): string {
  return stack.replace(FRAME, (frame, key: string, line: string, column: string) => {
    const place = placeOf(key, Number(line), Number(column));
    return place === null ? frame : `${place.file}:${place.line}:${place.column}`;
  });
}

/** Where in a strategy's file an error arose: the innermost frame that is a strategy's, or null when none is. */
export function strategyPlace(error: unknown): SourcePlace | null {
  if (!(error instanceof Error) || error.stack === undefined) return null;
  for (const [, key, line, column] of error.stack.matchAll(FRAME)) {
    const place = placeOf(key!, Number(line), Number(column));
    if (place !== null) return place;
  }
  return null;
}

function placeOf(key: string, line: number, column: number): SourcePlace | null {
  const bundle = bundles.get(key);
  return bundle === undefined ? null : bundle.map.placeOf(bundle.prepared.bundleOffset(line, column));
}
