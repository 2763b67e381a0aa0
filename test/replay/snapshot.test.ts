import { isDeepStrictEqual } from 'node:util';
import v8 from 'node:v8';
import { afterAll, describe, expect, it } from 'vitest';
import { Chance } from '../properties/scenario.fixture.ts';
import { LiveGraph } from './live-graph.fixture.ts';
import { EXCEPTIONS } from './snapshot-exceptions.fixture.ts';
import { drawInputs } from './snapshot-market.fixture.ts';
import { SITUATIONS } from './snapshot-reached.fixture.ts';
import { Session, type SessionState } from './snapshot-session.fixture.ts';

/** Sessions per run of the suite; `SNAPSHOT_SESSIONS=1000` looks further, `SNAPSHOT_SEED=17` replays the one that failed. */
const SESSIONS = Number(process.env['SNAPSHOT_SESSIONS'] ?? 24);
const SEED = process.env['SNAPSHOT_SEED'];
const SEEDS = SEED === undefined ? Array.from({ length: SESSIONS }, (_, at) => at + 1) : [Number(SEED)];
/** Places in a session at which it is saved. */
const SAVES = 8;

const graph = new LiveGraph(EXCEPTIONS);
afterAll(() => graph.close());

const reached = new Set<string>();

function noteReached(state: SessionState): void {
  for (const [what, is] of Object.entries(SITUATIONS)) if (is(state)) reached.add(what);
}

const carried = (state: SessionState): SessionState => v8.deserialize(v8.serialize(state)) as SessionState;

/** Every third trades against recorded books. */
const sessionOf = (seed: number): Session => new Session(seed, seed % 3 === 0);

function loaded(seed: number, state: SessionState): Session {
  const session = sessionOf(seed);
  session.loadState(state);
  return session;
}

interface Save {
  /** Inputs before it. */
  readonly place: number;
  /** Lines that had been written. */
  readonly lines: number;
  readonly state: SessionState;
}

interface Played {
  readonly session: Session;
  readonly saves: readonly Save[];
}

const played = new Map<number, Played>();

/** Plays a whole session, once, saved on the way at places drawn from the seed, rising. */
function playSaved(seed: number): Played {
  const known = played.get(seed);
  if (known !== undefined) return known;
  const inputs = drawInputs(seed);
  const chance = new Chance(seed + 9_999);
  const places = new Set(Array.from({ length: SAVES }, () => chance.below(inputs.length)));
  const session = sessionOf(seed);
  session.start();
  const saves: Save[] = [];
  inputs.forEach((input, place) => {
    if (places.has(place)) saves.push({ place, lines: session.lines.length, state: carried(session.saveState()) });
    session.take(input);
  });
  session.finish();
  played.set(seed, { session, saves });
  return { session, saves };
}

function goOn(session: Session, seed: number, from: number, to: number): Session {
  for (const input of drawInputs(seed).slice(from, to)) session.take(input);
  return session;
}

describe('INV-09 a session that is saved, loaded into a fresh one and goes on', () => {
  it('does to the last bit what it would have done: records, commands, ledger, positions, orders, digest', () => {
    for (const seed of SEEDS) {
      const { session, saves } = playSaved(seed);
      const [first] = saves as [Save, ...Save[]];
      const other = goOn(loaded(seed, first.state), seed, first.place, Number.MAX_SAFE_INTEGER);
      other.finish();
      const where = `SNAPSHOT_SEED=${seed}, after input ${first.place}`;
      expect([where, other.lines]).toEqual([where, session.lines.slice(first.lines)]);
      expect([where, other.outcome()]).toEqual([where, session.outcome()]);
    }
  }, 300_000);

  it('remembers after a while, whenever it was saved, what it would have remembered', () => {
    for (const seed of SEEDS) {
      const { session, saves } = playSaved(seed);
      saves.forEach(({ place, lines, state }, at) => {
        noteReached(state);
        const next = saves[at + 1];
        if (next === undefined) return;
        const other = goOn(loaded(seed, state), seed, place, next.place);
        const where = `SNAPSHOT_SEED=${seed}, from input ${place} to ${next.place}`;
        expect([where, other.lines]).toEqual([where, session.lines.slice(lines, next.lines)]);
        expect([where, isDeepStrictEqual(other.saveState(), next.state)]).toEqual([where, true]);
      });
    }
  }, 300_000);

  it.runIf(SEED === undefined && SESSIONS >= 24)('was in the middle of everything that can be under way', () => {
    expect(Object.keys(SITUATIONS).filter((what) => !reached.has(what))).toEqual([]);
  });

  it('does so however often: with a new session every few inputs', () => {
    for (const seed of SEEDS.slice(0, 3)) {
      const inputs = drawInputs(seed);
      const chance = new Chance(seed + 5_555);
      let session = sessionOf(seed);
      session.start();
      const lines = [...session.lines];
      let next = 0;
      inputs.forEach((input, place) => {
        if (place === next) {
          next += 1 + chance.below(25);
          session = loaded(seed, carried(session.saveState()));
        }
        const before = session.lines.length;
        session.take(input);
        lines.push(...session.lines.slice(before));
      });
      const before = session.lines.length;
      session.finish();
      const whole = sessionOf(seed);
      whole.start();
      goOn(whole, seed, 0, inputs.length).finish();
      expect([seed, [...lines, ...session.lines.slice(before)]]).toEqual([seed, whole.lines]);
      expect([seed, session.outcome()]).toEqual([seed, whole.outcome()]);
    }
  });

  it('holds what the saved one held: every field of every object, #private ones too, but for those that are listed', () => {
    for (const seed of SEEDS) {
      const inputs = drawInputs(seed);
      const chance = new Chance(seed + 7_777);
      const end = chance.below(inputs.length + 1);
      const session = sessionOf(seed);
      session.start();
      for (const input of inputs.slice(0, end)) session.take(input);
      const state = session.saveState();
      const where = `SNAPSHOT_SEED=${seed}, after input ${end}`;
      const other = loaded(seed, carried(state));
      expect([where, graph.differences(session, other)]).toEqual([where, []]);
      expect([where, isDeepStrictEqual(other.saveState(), state)]).toEqual([where, true]);
    }
    if (SEED === undefined && SESSIONS >= 24) {
      // An exception that is never met hides a field that has another name by now.
      expect(Object.keys(EXCEPTIONS).filter((key) => !graph.met.has(key))).toEqual([]);
      expect(graph.objectCount).toBeGreaterThan(SESSIONS * 500);
    }
  });
});
