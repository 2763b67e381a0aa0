/** Why a run file, an option or a strategy named in it was refused. Exit status 2. */
export const CONFIG_CODES = {
  RUN_FILE_MISSING: {
    meaning: 'The run file cannot be read: there is none of this name, or it may not be opened.',
    fix: 'Check the path; "quanthybrid init" makes a folder with a run file that works.',
  },
  RUN_FILE_SYNTAX: {
    meaning: 'The run file is not YAML.',
    fix: 'Mend the line that the message names: indent with spaces, write "key: value".',
  },
  RUN_FILE_ALIAS_REFUSED: {
    meaning: 'An alias (*name) of the run file has no anchor, stands within what it stands for, or aliases multiply beyond what is read.',
    fix: 'Write the value out where the alias stands.',
  },
  RUN_FILE_TOO_DEEP: {
    meaning: 'Maps and lists of the run file stand more than 100 deep in each other.',
    fix: 'No key needs that: look for a bracket that is not closed.',
  },
  RUN_FILE_INVALID: {
    meaning: 'A value in the run file breaks a rule, or a key that is needed is missing.',
    fix: 'Follow the sentence in the message; docs/reference/run-file.md lists every key.',
  },
  RUN_FILE_UNKNOWN_KEY: {
    meaning: 'The run file has a key that means nothing there.',
    fix: 'Correct its spelling or take it out; docs/reference/run-file.md lists every key.',
  },
  OVERRIDE_INVALID: {
    meaning: 'A --set option is not of the form path.to.key=value, or its path leads nowhere.',
    fix: 'Write for example --set strategy.parameters.fast=5.',
  },
  INSTRUMENT_UNKNOWN: {
    meaning: 'The run file names an instrument that it does not define.',
    fix: 'Define it under instruments, or correct the id.',
  },
  VENUE_UNKNOWN: {
    meaning: 'The run file names a venue at which it has no instrument, or an instrument has no account at its venue.',
    fix: 'Correct the name: a venue is the part of an instrument id after the last dot.',
  },
  STRATEGY_UNKNOWN: {
    meaning: 'There is no shipped strategy of this name.',
    fix: 'Take one of the names in the message, or give your own with file: ./my-strategy.ts.',
  },
  PARAMETER_INVALID: {
    meaning: 'A strategy parameter has a wrong type, is out of its range, or is not one of the strategy.',
    fix: 'Follow the sentence in the message: it names the parameter and what it takes.',
  },
  DATA_EMPTY: {
    meaning: 'A data source has no row in the period of the run.',
    fix: 'Widen the period, or check that the source is the right one.',
  },
  DATA_INSTRUMENT_MISMATCH: {
    meaning: 'A stored data set counts prices or quantities in other decimals than the run file states for the instrument.',
    fix: 'Give the instrument the decimals that the message names.',
  },
  RUN_NOT_KEPT: {
    meaning: 'A run could not be written to the folder where runs are kept.',
    fix: 'Check that the folder can be written to and that the disk has room.',
  },
  REPORT_NOT_WRITTEN: {
    meaning: 'The report could not be written where --report says.',
    fix: 'Check that the folder can be written to and that the disk has room.',
  },
  OPTION_INVALID: {
    meaning: 'An option of the command line has a value that it does not take, is not known, or is missing, as may be an argument.',
    fix: 'Run the command with --help.',
  },
} as const satisfies Record<string, { meaning: string; fix: string }>;
