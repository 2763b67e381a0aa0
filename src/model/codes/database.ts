/** What the database, or the way to it, refuses. */
export const DATABASE_CODES = {
  DATABASE_URL_INVALID: {
    meaning: 'The address of the database is not one that this program can use.',
    fix: 'Write postgres://USER:PASSWORD@HOST:PORT/NAME in DATABASE_URL, or leave it out for the embedded database.',
  },
  DATABASE_UNREACHABLE: {
    meaning: 'The database server does not answer, ended the connection, or has no connection to spare.',
    fix: 'Check that the server runs and that DATABASE_URL names it. A running session keeps trying; its journal holds everything meanwhile.',
  },
  DATABASE_TIMED_OUT: {
    meaning: 'A statement took longer than it may, or waited too long for a lock; the server gave it up and nothing of it was kept.',
    fix: 'Ask for less at once. If it happens again, look at the load of the server, or raise DATABASE_STATEMENT_TIMEOUT_MS.',
  },
  DATABASE_FULL: {
    meaning: 'The disk of the database is full.',
    fix: 'Make room on it. A running session keeps trying; its journal holds everything meanwhile.',
  },
  DATABASE_REFUSED: {
    meaning: 'The database refused a statement: a missing right, a wrong password, a broken rule of a table.',
    fix: 'Read the message; the rights that the program needs stand in docs/guide/database.md.',
  },
  DATABASE_FOLDER_LOCKED: {
    meaning: 'Another process uses the folder of the embedded database, or one on another machine left its lock behind.',
    fix: 'Stop the other process. If none is running, delete the lock file named here.',
  },
  DATABASE_FOLDER_FAILED: {
    meaning: 'The embedded database could not be opened: its folder cannot be read or written, or is damaged.',
    fix: 'Check that the disk has room and that you may write to the folder. A damaged one is moved away and built anew by "quanthybrid db rebuild".',
  },
  DATABASE_NOT_MIGRATED: {
    meaning: 'The tables of the database are missing or older than this version of the program.',
    fix: 'Run "quanthybrid init-db".',
  },
  DATABASE_NEWER: {
    meaning: 'The tables of the database were changed by a newer version of the program.',
    fix: 'Use that version, or another database.',
  },
  DATABASE_MIGRATION_CHANGED: {
    meaning: 'A migration that this database went through was another than the one this program has under its name.',
    fix: 'Use the version of the program that made the database, or a new database filled by "quanthybrid db rebuild".',
  },
  DATABASE_EMBEDDED_ONLY_PAPER: {
    meaning: 'Live trading was to use the embedded database, which does not wait for the disk.',
    fix: 'Set DATABASE_URL to a PostgreSQL server.',
  },
  DATABASE_OUTPUT_MISSING: {
    meaning: 'Outputs of a session were to be stored that do not follow on those stored before; nothing was stored.',
    fix: 'Nothing to do: the session reads what is missing from its journal. If it comes again and again, report it.',
  },
  DATABASE_AHEAD: {
    meaning: 'The database holds more of a session than its journal, so what it holds is of another past.',
    fix: 'Run "quanthybrid db rebuild": the journal is the authority.',
  },
  DATABASE_OTHER_SESSION: {
    meaning: 'The database holds another session or run under the id of this one; nothing was stored.',
    fix: 'Give the session a folder of another name, or another database.',
  },
  DATABASE_QUEUE_FULL: {
    meaning: 'The database fell so far behind that the outputs that wait for it were dropped from memory.',
    fix: 'Nothing to do: they are read from the journal when the database answers again. If it comes often, look at the speed of the database.',
  },
} as const satisfies Record<string, { meaning: string; fix: string }>;
