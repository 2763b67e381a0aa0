/** What the columnar store refuses or finds broken. */
export const STORE_CODES = {
  STORE_NAME_INVALID: {
    meaning: 'An instrument id, a kind or a bar interval cannot name a data set.',
    fix: 'Write SYMBOL.VENUE, one of trades, quotes, bars, quote-bars, and for bars an interval such as 1m or 100t.',
  },
  STORE_DATA_SET_NOT_FOUND: {
    meaning: 'The store holds no data set of this instrument, kind and interval.',
    fix: 'Look at "quanthybrid data list"; bring it in with "quanthybrid data import" or "quanthybrid data generate".',
  },
  STORE_DATA_SET_EXISTS: {
    meaning: 'The store already holds a data set of this instrument, kind and interval.',
    fix: 'Pass --replace to put the new one in its place; the old one stays until the new one is complete.',
  },
  STORE_EMPTY_IMPORT: {
    meaning: 'The source has no rows, so there is nothing to store.',
    fix: 'Check the file and the period that was asked for.',
  },
  STORE_ROW_INVALID: {
    meaning: 'A row breaks a rule that every stored row keeps (order of time, positive prices, high at or above low, whole counts).',
    fix: 'Correct or leave out the row in the source and import again.',
  },
  STORE_DAMAGED: {
    meaning: 'A file of the data set is missing, has another length, or its bytes do not match the checksum taken when it was written.',
    fix: 'Import the data set again from its source with --replace; if it happens again, check the disk.',
  },
  STORE_FORMAT_UNKNOWN: {
    meaning: 'The data set was written in a format that this version does not read.',
    fix: 'Use the version named in its manifest, or import the data set again from its source with --replace.',
  },
  STORE_LOCKED: {
    meaning: 'Another process is writing to this store, or one on another machine left its lock behind.',
    fix: 'Wait for it to end. If none is running, delete the file named here.',
  },
  STORE_LOCK_LOST: {
    meaning: 'The lock on the store was taken or deleted by someone else during an import; nothing was stored.',
    fix: 'Make sure that only one program writes to the store, and import again.',
  },
  STORE_IO_FAILED: {
    meaning: 'The operating system refused to read or write a file of the store.',
    fix: 'Check that the disk has room, that the folder exists and that you may write to it.',
  },
  STORE_PLATFORM_UNSUPPORTED: {
    meaning: 'The store keeps little-endian numbers and this machine is big-endian.',
    fix: 'Use a little-endian machine (x86-64 or ARM64).',
  },
} as const satisfies Record<string, { meaning: string; fix: string }>;
