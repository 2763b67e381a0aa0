import { compileFunction } from 'node:vm';
import type { Afresh } from '../core/host/dispatch.ts';

/**
 * Compiles a closed function anew from its own text, so that the machine treats it as another one: what it learns of one run and strategy
 * stays apart from the others'. The function must name nothing but its arguments and what the language has everywhere.
 */
export const afresh: Afresh = (closed) => (compileFunction(`return ${closed.toString()};`) as () => typeof closed)();
