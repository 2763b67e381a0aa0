/** Where backtests are kept, from the working folder. */
export const RUNS_FOLDER = 'runs';
