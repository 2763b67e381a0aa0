import { setFlagsFromString } from 'node:v8';

/**
 * What the machine's optimizing compiler may take into one function, in bytes of its bytecode: in all, and of one callee. Its own limits (920 and
 * 460) are for pages of the web. An event here passes through many small functions of many classes, and each that stays a call of its own
 * looks its objects up anew.
 */
export const INLINING_LIMITS = { 'max-inlined-bytecode-size-cumulative': 3000, 'max-inlined-bytecode-size': 1000 } as const;

/**
 * Lets the machine compile larger pieces at once; results are the same. Once, before anything that is hot runs.
 *
 * Source: docs/decisions/0021-inlining-limits.md
 */
export function raiseInliningLimits(): void {
  for (const [name, bytes] of Object.entries(INLINING_LIMITS)) setFlagsFromString(`--${name}=${bytes}`);
}
