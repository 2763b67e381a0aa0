/** One line of the audit log. Every text is printable; hashes are SHA-256 in hex. */
export interface AuditRecord {
  /** From 1, without gaps. */
  readonly sequence: number;
  readonly ts: number;
  readonly actor: string;
  readonly address: string;
  readonly action: string;
  readonly subject: string;
  /** JSON, or empty. */
  readonly before: string;
  readonly after: string;
  readonly previousHash: string;
  readonly hash: string;
}

export interface AuditHead {
  readonly sequence: number;
  readonly hash: string;
}

/** Where the audit log is kept. It can be added to and read; nothing changes or deletes. Whatever a call could not do for certain, it throws. */
export interface AuditStore {
  /** The end of the log as it was stored with the last record, apart from the records; null before the first. */
  head(): Promise<AuditHead | null>;
  /** Adds the record and moves the head, both or neither. Throws where the record does not follow the head. */
  append(record: AuditRecord): Promise<void>;
  /** In order, from a sequence number on, at most `countMax`. */
  read(fromSequence: number, countMax: number): Promise<readonly AuditRecord[]>;
}
