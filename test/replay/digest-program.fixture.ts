import { drawStreams, makeBacktest, runToEnd, trader } from '../simulation/world.fixture.ts';

/** The digest of a run of two traders over three instruments; also a program that prints it, for another process. */
export function digestOf(seed: number): string {
  return runToEnd(
    makeBacktest({ streams: drawStreams(seed, 60), strategies: [trader(seed), trader(seed + 1)], orderEntryUs: 5_000 }),
  ).digest();
}

if (process.argv[1]?.endsWith('digest-program.fixture.ts') === true) console.log(digestOf(Number(process.argv[2])));
