import path from 'node:path';

/** Recorded data, which is not part of this repository: where the run files of the cases say that it is. */
export const SHARED_DATA_DEFAULT = path.resolve(import.meta.dirname, '../../shared/data');

/** Where it really is, for the cases, the tests and the benches: there, or in the folder that `QUANTHYBRID_SHARED_DATA` names. */
export function sharedDataFolder(): string {
  const named = process.env['QUANTHYBRID_SHARED_DATA'];
  return named === undefined || named === '' ? SHARED_DATA_DEFAULT : path.resolve(named);
}

/** Behind the title of a test that is skipped for want of it. */
export const WITHOUT_SHARED_DATA = ' (skipped: the shared data is absent, see QUANTHYBRID_SHARED_DATA)';
