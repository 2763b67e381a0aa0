/** One line of the audit log, as it is read. */
export interface AuditLine {
  readonly sequence: number;
  readonly ts: number;
  readonly actor: string;
  readonly address: string;
  readonly action: string;
  readonly subject: string;
  /** JSON, or empty. */
  readonly before: string;
  readonly after: string;
  readonly hash: string;
}

/** Acts that the API writes down. */
export type ApiAct =
  | 'ORDER_PLACED'
  | 'ORDER_MODIFIED'
  | 'ORDER_CANCELED'
  | 'LIMIT_CHANGED'
  | 'POSITION_FLATTENED'
  | 'TRADING_STATE_CHANGED'
  | 'KILL_SWITCH_THROWN'
  | 'KILL_SWITCH_RESET'
  | 'STRATEGY_STARTED'
  | 'STRATEGY_STOPPED'
  | 'STRATEGY_CHANGED';

export interface AuditNote {
  readonly actor: string;
  readonly address: string;
  readonly action: ApiAct;
  readonly subject: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Who did what, when, from where. */
export interface AuditTrail {
  /** Throws where it is not certain to be written: whoever needs it denies. */
  append(note: AuditNote): Promise<unknown>;
  /** Newest first. @param before only what has a lower number */
  page(before: number | null, limit: number): Promise<readonly AuditLine[]>;
}
