import path from 'node:path';
import { Desk, firstPassword } from '../desk-kit.ts';
import type { ClientFigures } from './client-messages.ts';
import { ClientProcess } from './client-process.ts';
import { Delays } from './delays.ts';
import { Inspector, type MemoryUse } from './inspector.ts';
import { SessionProcess } from './session-process.ts';
import type { MemorySample, SoakOutcome, SoakWindow } from './soak-gates.ts';
import { SOAK_NAME, soakRunFile } from './soak-run-file.ts';

export interface SoakChoice {
  readonly minutes: number;
  readonly clients: number;
  /** Of the clients, those that hardly read. */
  readonly slow: number;
  /** Events a second of each market. */
  readonly rate: number;
  /** Bundle of clients-child.ts. */
  readonly child: string;
}

export interface SoakProgress {
  /** Seconds since all clients were there. */
  readonly at: number;
  /** Seconds that the figures of the clients are of. */
  readonly countedFor: number;
  readonly memory: MemoryUse;
  readonly window: SoakWindow;
  readonly fast: ClientFigures;
}

/** A pair of windows, one with and one without slow clients, is a minute: the machine is the same for both. */
const WINDOW_MS = 30_000;
/** What a window begins with does not count: slow clients come and go, memory was measured. */
const SETTLE_MS = 4000;
const REFRESH_EVERY_MS = 240_000;
const INSTRUMENTS = ['AAA-USD.SIM', 'BBB-USD.SIM'];

/** A session under load, for so many minutes. @returns what was measured */
export async function soak(choice: SoakChoice, root: string, onProgress: (progress: SoakProgress) => void): Promise<SoakOutcome> {
  const strategyFile = path.join(root, 'test/soak/busy.ts');
  const runFile = soakRunFile({ instruments: INSTRUMENTS, eventsPerSecond: choice.rate, strategyFile, strategies: 2 });
  const session = new SessionProcess(path.join(root, 'dist/app/main.js'), runFile);
  const fast = new ClientProcess(choice.child);
  const slow = new ClientProcess(choice.child);
  try {
    const run = new SoakRun(choice, fast, slow, await visit(session));
    const died = session.ended.then((why) => Promise.reject(new Error(`the session: ${why}`)));
    return await Promise.race([run.run(onProgress), died]);
  } finally {
    fast.end();
    slow.end();
    await session.end();
  }
}

interface Visit {
  readonly inspector: Inspector;
  readonly user: Desk;
}

async function visit({ running, folder }: SessionProcess): Promise<Visit> {
  const [, inspectorUrl] = await running.says(/Debugger listening on (ws:\S+)/);
  const [, url] = await running.says(/dashboard (http:\S+)/);
  await running.says(/^Trading;/m);
  const password = firstPassword(path.join(folder, 'sessions', SOAK_NAME));
  return { inspector: await Inspector.connect(inspectorUrl!), user: await Desk.signIn(url!, password) };
}

class SoakRun {
  private readonly choice: SoakChoice;
  private readonly fast: ClientProcess;
  private readonly slow: ClientProcess;
  private readonly visit: Visit;
  private readonly samples: MemorySample[] = [];
  private readonly windows: SoakWindow[] = [];
  private readonly slowCloses: Record<number, number> = {};
  private holes = 0;
  private fastClosed = 0;
  private startedAt = 0;

  constructor(choice: SoakChoice, fast: ClientProcess, slow: ClientProcess, visited: Visit) {
    this.choice = choice;
    this.fast = fast;
    this.slow = slow;
    this.visit = visited;
  }

  async run(onProgress: (progress: SoakProgress) => void): Promise<SoakOutcome> {
    const { minutes, clients, slow: slowClients } = this.choice;
    const { user } = this.visit;
    await this.fast.open({ access: user.access, count: clients - slowClients, instruments: INSTRUMENTS, pace: 'fast' });
    this.startedAt = performance.now();
    let refreshedAt = this.startedAt;
    while (this.seconds < minutes * 60 - 1) {
      // Without slow clients last: what they hold is gone when the end is measured.
      if (slowClients > 0) onProgress(await this.window(true));
      onProgress(await this.window(false));
      if (performance.now() - refreshedAt < REFRESH_EVERY_MS) continue;
      refreshedAt = performance.now();
      await user.refresh();
      for (const each of [this.fast, this.slow]) each.tellAccess(user.access);
    }
    const { samples, windows, holes, fastClosed, slowCloses } = this;
    return { minutes, samples, windows, holes, fastClosed, slowCloses, slowClients };
  }

  private get seconds(): number {
    return (performance.now() - this.startedAt) / 1000;
  }

  private async window(slow: boolean): Promise<SoakProgress> {
    const { user, inspector } = this.visit;
    const { slow: count } = this.choice;
    if (slow) await this.slow.open({ access: user.access, count, instruments: INSTRUMENTS, pace: 'slow' });
    await pause(SETTLE_MS);
    this.note(await this.fast.take());
    const countedFrom = performance.now();
    await pause(WINDOW_MS - SETTLE_MS);
    const fast = await this.fast.take();
    const countedFor = (performance.now() - countedFrom) / 1000;
    this.note(fast);
    if (slow) {
      const { closes } = await this.slow.take();
      for (const [code, times] of Object.entries(closes)) this.slowCloses[Number(code)] = (this.slowCloses[Number(code)] ?? 0) + times;
      await this.slow.closeAll();
    }
    const delays = new Delays(fast.delays);
    const window = { slow, p50: delays.quantile(0.5), p99: delays.quantile(0.99) };
    this.windows.push(window);
    const memory = await inspector.memory();
    if (!slow) this.samples.push({ at: this.seconds, memory });
    return { at: this.seconds, countedFor, memory, window, fast };
  }

  private note({ holes, closes }: ClientFigures): void {
    this.holes += holes;
    for (const times of Object.values(closes)) this.fastClosed += times;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
