/** What can be wrong with a journal, and what it tells of. */
export const JOURNAL_CODES = {
  JOURNAL_NOT_FOUND: {
    meaning: 'The folder holds no journal.',
    fix: 'Give the folder that the session names at its start as its journal.',
  },
  JOURNAL_LOCKED: {
    meaning: 'Another process that is alive writes this journal.',
    fix: 'Stop that process, or give this one a folder of its own; the message names the process.',
  },
  JOURNAL_VERSION: {
    meaning: 'A file of the journal was written in a version of the format that this program does not read.',
    fix: 'Open it with the version of the program that wrote it.',
  },
  JOURNAL_DAMAGED: {
    meaning: 'A file of the journal is not as it was written, in a place that was durable. Nothing was changed.',
    fix: 'Restore the file that the message names from a backup; docs/concepts/journal.md says what can be done without one.',
  },
  JOURNAL_SEGMENT_MISSING: {
    meaning: 'A segment of the journal is not there: the records do not follow one another.',
    fix: 'Put the file back; the message names the sequence number that is missing.',
  },
  JOURNAL_TAIL_CUT: {
    meaning: 'The journal ended in a batch that was never acknowledged, as a crash leaves it; it was cut off.',
    fix: 'Nothing: what was acknowledged is all there.',
  },
  JOURNAL_LEFTOVER_REMOVED: {
    meaning: 'A file that a crash left half made was removed.',
    fix: 'Nothing: it was not part of the journal yet, or not any more.',
  },
  JOURNAL_SNAPSHOT_DAMAGED: {
    meaning: 'A snapshot is not as it was written; an older one is used and more records are played again.',
    fix: 'Nothing at once, but look at the disk: something changes what is written to it.',
  },
  JOURNAL_DISK_FULL: {
    meaning: 'The disk has no room for the journal.',
    fix: 'Make room and start again: what was acknowledged is all there.',
  },
  JOURNAL_IO_FAILED: {
    meaning: 'The disk refused to read, write or sync a file of the journal.',
    fix: 'Look at the disk and at the rights of the folder, then start again: what was acknowledged is all there.',
  },
  JOURNAL_DEAD: {
    meaning: 'The journal was asked for something after its disk had failed.',
    fix: 'Stop and start again; the first error says what failed.',
  },
  JOURNAL_BUFFER_FULL: {
    meaning: 'Records come faster than the disk takes them: the buffer filled while the one before was being written.',
    fix: 'Wait for the flush that is under way, then append again.',
  },
} as const satisfies Record<string, { meaning: string; fix: string }>;

export type JournalCode = keyof typeof JOURNAL_CODES;
