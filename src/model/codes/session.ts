/** What a session says: answers to commands that were not carried out, and why one does not begin. */
export const SESSION_CODES = {
  SESSION_CHANGED: {
    meaning: 'The folder holds a session that was begun with another run file, another strategy or another version of the program.',
    fix: 'Begin a new session in another --folder, or put back what was changed.',
  },
  SESSION_STOPPED: {
    meaning: 'The session takes no commands: it has ended, or has not begun.',
    fix: 'Start it again with the same command and folder.',
  },
  SESSION_FAILED: {
    meaning:
      'The session ended while the command was under way: a strategy threw, or the disk failed. Whether the command was carried out shows after the next start.',
    fix: 'Read the message of the failure, mend it, and start the session again.',
  },
  SESSION_SNAPSHOT_PASSED_OVER: {
    meaning:
      'A snapshot does not serve this program or this journal: an older one, or the start of the journal, is gone on from, and more inputs are replayed.',
    fix: 'Nothing after an update of the program. Otherwise look at the reason, and at the disk.',
  },
  SESSION_SNAPSHOT_NOT_TAKEN: {
    meaning: 'The session could not be saved; it goes on, and its next start replays from an older snapshot or from the start.',
    fix: 'Follow the reason: a strategy with fields that are not plain data declares saveState and loadState.',
  },
  SESSION_REPLAY_DISAGREES: {
    meaning: 'A replay came to another digest than the session had when it was saved: it decided something else from the same inputs.',
    fix: 'Replay with the version of the program and the machine that the session ran on; if it disagrees there too, report it with the journal.',
  },
  SESSION_RECORDS_EXPIRED: {
    meaning: 'Records of the journal were removed when they expired, and no snapshot stands before what is asked for.',
    fix: 'Go on with the session itself, which needs them no more; a database is rebuilt from a backup of it, or from one of the journal.',
  },
  SESSION_RECORD_UNREADABLE: {
    meaning:
      'A record of the journal verifies, but it does not hold what this program writes into a session: another version or another program wrote it.',
    fix: 'Open the session with the version of the program that began it; the message names the record.',
  },
  ORDER_CLOSED: {
    meaning: 'The order has filled, was canceled, or ended otherwise: nothing about it can be changed.',
    fix: 'Look at the order; place another one where it is still wanted.',
  },
  POSITION_FLAT: {
    meaning: 'The strategy holds nothing in the instrument, so there is nothing to close.',
    fix: 'Look at the positions; another strategy may hold it.',
  },
  STRATEGY_STOPPED: {
    meaning: 'The strategy does not run, so it cannot be stopped.',
    fix: 'Start it where it should run.',
  },
  STRATEGY_RUNNING: {
    meaning: 'The strategy runs already; parameters change between a stop and a start.',
    fix: 'Stop it first.',
  },
} as const;
