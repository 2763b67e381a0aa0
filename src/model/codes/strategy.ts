/** Why a strategy's file, or the folder for one, was refused. Exit status 2. */
export const STRATEGY_CODES = {
  STRATEGY_FILE_MISSING: {
    meaning: 'The file of a strategy, or one that it imports, is not there or cannot be read.',
    fix: 'Correct the path; it starts at the folder of the run file, in an import at the folder of the importing file.',
  },
  STRATEGY_FILE_INVALID: {
    meaning: 'The file of a strategy is not valid TypeScript or JavaScript.',
    fix: 'Mend the line that the message names.',
  },
  STRATEGY_IMPORT_REFUSED: {
    meaning: 'A strategy imports something other than quanthybrid and its own source files: a package, a Node module, a data file.',
    fix: 'Import from quanthybrid or from your own .ts and .js files; what a strategy knows comes from events and parameters.',
  },
  STRATEGY_GLOBAL_REFUSED: {
    meaning: 'A strategy uses a global name that would let it see a clock, chance, the machine, or another strategy.',
    fix: 'Take the time from the event (this.now), timers from this.setTimer; docs/guide/strategies.md lists what may be used.',
  },
  STRATEGY_PROPERTY_REFUSED: {
    meaning: 'A strategy uses a property that leads out of its own objects (constructor, prototype and the like) or depends on the locale.',
    fix: 'Do it without; docs/guide/strategies.md lists the names.',
  },
  STRATEGY_SYNTAX_REFUSED: {
    meaning: 'A strategy uses async, await, a dynamic import or import.meta: handlers are synchronous and the source is one bundle.',
    fix: 'Write synchronous code and import statically.',
  },
  STRATEGY_STATE_SHARED: {
    meaning: 'A function changes a variable of its module: strategies of one run would share it, and a restart would lose it.',
    fix: 'Make it a field of the class (this.…).',
  },
  STRATEGY_CLASS_MISSING: {
    meaning: 'The file exports no class that extends Strategy, or none of the name that the run file gives.',
    fix: 'Write "export class MyStrategy extends Strategy", or correct class: in the run file.',
  },
  STRATEGY_CLASS_AMBIGUOUS: {
    meaning: 'The file exports several strategies and the run file does not say which.',
    fix: 'Add class: and one of the names in the message to the run file.',
  },
  STRATEGY_PARAMETERS_INVALID: {
    meaning: 'The parameters that a strategy declares are not descriptors, or a default breaks its own rule.',
    fix: 'Follow the sentence in the message; docs/guide/strategies.md shows each type of parameter.',
  },
  STRATEGY_LOAD_FAILED: {
    meaning: 'The file threw an error while it was loaded, before any event.',
    fix: 'Mend the line that the message names.',
  },
  INIT_FOLDER_NOT_EMPTY: {
    meaning: 'The folder for a new strategy holds files already.',
    fix: 'Name a new folder, or pass --force to write over files of the same names.',
  },
  INIT_NOT_WRITTEN: {
    meaning: 'The operating system refused to write the files of a new strategy folder.',
    fix: 'Check that you may write there and that the disk has room.',
  },
} as const satisfies Record<string, { meaning: string; fix: string }>;
