import { isDeepStrictEqual } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { gunzipSync, gzipSync } from 'node:zlib';
import { ACCEPTED, type FuzzRun, type FuzzTarget, must } from '../target.ts';
import { mutatedBytes } from '../mutate.ts';
import { mutatedData } from '../mutate-json.ts';
import type { Random } from '../../../src/base/random.ts';
import { quotesOf, scripted } from '../../../src/runtime/backtest.fixture.ts';
import { HandClock } from '../../../src/runtime/hand-clock.fixture.ts';
import { encodeInput, encodePlan, RecordKind } from '../../../src/runtime/session/input-codec.ts';
import { LocalCore } from '../../../src/runtime/session/local-core.ts';
import { MemoryJournal } from '../../../src/runtime/session/memory-journal.fixture.ts';
import { SessionMirror } from '../../../src/runtime/session/session-mirror.ts';
import { planOf } from '../../../src/runtime/session/session-plan.fixture.ts';
import { SNAPSHOT_POLICY, SessionSnapshots, type SnapshotNews } from '../../../src/runtime/session/session-snapshots.ts';
import type { SessionInput } from '../../../src/model/session-input.ts';

const PLAN = planOf();
const PARTS = {
  calendarOf: () => {
    throw new Error('no calendars here');
  },
  classOf: () => scripted({}),
};
const ORDER = { instrument: 0, side: 'BUY', orderType: 'MARKET', quantity: '10' } as const;
const INPUTS: readonly SessionInput[] = [
  { kind: 'ROWS', ts: 1_000, block: quotesOf([[1_000, 9_990, 10_010]]).next()! },
  { kind: 'COMMAND', ts: 2_000, actor: 'ann', command: { kind: 'PlaceOrder', order: ORDER } },
  { kind: 'ROWS', ts: 3_000, block: quotesOf([[3_000, 9_991, 10_011]]).next()! },
];
const LAST = INPUTS.length + 1;

interface Played {
  readonly core: LocalCore;
  readonly mirror: SessionMirror;
  readonly snapshots: SessionSnapshots;
  readonly news: SnapshotNews[];
}

/** A session that has not begun, beside a journal. */
function freshOf(journal: MemoryJournal): Played {
  const mirror = new SessionMirror({ plan: PLAN, mode: 'PAPER', now: () => 0, descriptorsOf: () => ({}) });
  const core = new LocalCore(PLAN, PARTS, {
    onReply: ({ outputs }) => mirror.onOutputs(outputs),
    onFailure: (error) => {
      throw error;
    },
  });
  const news: SnapshotNews[] = [];
  const snapshots = new SessionSnapshots({
    journal,
    clock: new HandClock(0),
    policy: SNAPSHOT_POLICY,
    follower: mirror,
    onNews: (told) => news.push(told),
  });
  return { core, mirror, snapshots, news };
}

/** The whole session, with a snapshot of its end in its journal. */
async function played(): Promise<{ readonly journal: MemoryJournal; readonly digest: string }> {
  const journal = new MemoryJournal();
  journal.append(RecordKind.SESSION, 0, encodePlan(PLAN));
  const { core, snapshots, news } = freshOf(journal);
  for (const input of INPUTS) {
    const { kind, payload } = encodeInput(input);
    journal.append(kind, input.ts, payload);
    journal.commit();
    snapshots.note(payload);
    core.send([{ sequence: journal.lastSequence, input }]);
  }
  await snapshots.take(core, { sequence: LAST, ts: 3_000, rowsTaken: 2, accountEventsTaken: 0 });
  must(news[0]?.kind === 'taken', 'a snapshot was taken');
  return { journal, digest: core.core.digest() };
}

/** Damage behind the compression: in a piece, or in the lengths between them. */
function damagedPieces(random: Random, whole: Buffer): Uint8Array {
  const pieces: Buffer[] = [];
  for (let at = 0; at < whole.length; at += 4 + whole.readUInt32LE(at))
    pieces.push(whole.subarray(at + 4, at + 4 + whole.readUInt32LE(at)));
  const chosen = random.nextBelow(pieces.length);
  const changed =
    random.nextBelow(3) === 0 ? mutatedBytes(random, pieces[chosen]!) : serialize(mutatedData(random, deserialize(pieces[chosen]!)));
  const put = pieces.map((piece, at) => (at === chosen ? changed : piece));
  return Buffer.concat(
    put.flatMap((piece) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(piece.length);
      return [length, piece];
    }),
  );
}

const snapshot: FuzzTarget = {
  name: 'session-snapshot',
  entries: ['src/runtime/session/snapshot-codec.ts#decodeSnapshot', 'src/runtime/session/session-snapshots.ts#SessionSnapshots'],
  inputs: 'snapshots of a session, damaged as they are stored and behind their compression',
  oracle:
    'the session stands where it was saved, or the snapshot is passed over and core and mirror are as new: all of it is replayed to the same digest',
  open: async (): Promise<FuzzRun> => {
    const { journal, digest } = await played();
    const [{ sequence, state }] = journal.saved as [{ readonly sequence: number; readonly state: Uint8Array }];
    const whole = gunzipSync(state);
    const asNew = freshOf(journal).mirror.saveState();
    return {
      generate: (random) => {
        const way = random.nextBelow(8);
        if (way === 0) return mutatedBytes(random, state);
        return gzipSync(way === 1 ? mutatedBytes(random, whole) : damagedPieces(random, whole), { level: 1 });
      },
      feed: async (input) => {
        journal.saved = [{ sequence, state: input as Uint8Array }];
        const { core, mirror, snapshots, news } = freshOf(journal);
        const place = await snapshots.load(core);
        if (place !== null) {
          must(place.sequence === LAST && place.ts === 3_000 && core.core.digest() === digest, 'it stands where it was saved');
          return ACCEPTED;
        }
        must(news.length === 1 && news[0]!.kind === 'passedOver', 'it is told that it is passed over');
        must(isDeepStrictEqual(mirror.saveState(), asNew), 'the mirror is as new');
        INPUTS.forEach((each, at) => core.send([{ sequence: at + 2, input: each }]));
        must(core.core.digest() === digest, 'a replay comes to the same digest');
        return 'passed over';
      },
    };
  },
};

export const SNAPSHOT_TARGETS: readonly FuzzTarget[] = [snapshot];
