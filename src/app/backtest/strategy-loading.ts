import type { StrategyFileLoader } from './run-strategies.ts';
import { loadStrategyFile } from '../strategies/load-strategy-file.ts';

/** Strategies of users' files, for runs from the command line. */
export const loadStrategy: StrategyFileLoader = (path, className) => loadStrategyFile(path, { className });
