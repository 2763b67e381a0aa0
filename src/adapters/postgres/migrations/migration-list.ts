import { FIRST_TABLES } from './0001-first-tables.ts';
import { TRADING_SWITCHES_TABLE } from './0002-trading-switches.ts';

export interface Migration {
  /** From 1, without a hole. */
  readonly number: number;
  readonly name: string;
  /** Statements, split at blank lines. */
  readonly sql: string;
}

/** In the order in which a database goes through them. */
export const MIGRATIONS: readonly Migration[] = [
  { number: 1, name: 'first tables', sql: FIRST_TABLES },
  { number: 2, name: 'trading switches', sql: TRADING_SWITCHES_TABLE },
];
