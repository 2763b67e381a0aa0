import { run as check } from './check.mjs';

/** `npm run lint`: what `npm run check` does, without the compiler and the tests. */
export function run() {
  return check(['lint', 'bans', 'fence', 'house']);
}
