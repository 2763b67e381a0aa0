import { WebSocket } from 'ws';

/** What a process holds after a collection, bytes. */
export interface MemoryUse {
  /** Used heap of the main thread, and of the others: the core's and the database's. */
  readonly mainHeap: number;
  readonly workerHeap: number;
  /** Memory that array buffers of these hold, outside the heaps. */
  readonly mainBuffers: number;
  readonly workerBuffers: number;
  /** Resident memory of the process. */
  readonly resident: number;
}

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
  readonly params?: { readonly sessionId?: string; readonly message?: string };
}

type Send = (method: string, params?: object) => Promise<unknown>;

const USAGE = 'JSON.stringify(process.memoryUsage())';

/**
 * The inspector of a Node process, over its socket: collects garbage and asks for memory, so that the product itself needs no door for that.
 *
 * Source: Chrome DevTools Protocol, domains HeapProfiler and Runtime; Node's own domain NodeWorker for threads.
 */
export class Inspector {
  private readonly socket: WebSocket;
  private readonly waiting = new Map<string, (answer: Answer) => void>();
  private readonly ended: Promise<never>;
  private readonly workers = new Set<string>();
  private count = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    this.ended = new Promise((_, reject) => socket.once('close', () => reject(new Error('the inspected process has ended'))));
    this.ended.catch(() => {
      // Whoever waits for an answer hears of it.
    });
    socket.on('message', (data) => this.onAnswer(JSON.parse(String(data)) as Answer, ''));
  }

  static async connect(url: string): Promise<Inspector> {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    const inspector = new Inspector(socket);
    await inspector.send('')('NodeWorker.enable', { waitForDebuggerOnStart: false });
    return inspector;
  }

  /** Collects garbage in every thread, then measures. */
  async memory(): Promise<MemoryUse> {
    const main = await measured(this.send(''));
    let [workerHeap, workerBuffers] = [0, 0];
    for (const worker of this.workers) {
      const used = await measured(this.send(worker));
      workerHeap += used.heapUsed;
      workerBuffers += used.arrayBuffers;
    }
    return { mainHeap: main.heapUsed, workerHeap, mainBuffers: main.arrayBuffers, workerBuffers, resident: main.rss };
  }

  close(): void {
    this.socket.terminate();
  }

  /** @param worker session of a thread, '' for the main one */
  private send(worker: string): Send {
    return (method, params = {}) => {
      this.count += 1;
      const id = this.count;
      const text = JSON.stringify({ id, method, params });
      const answered = new Promise<unknown>((resolve, reject) => {
        this.waiting.set(`${worker} ${id}`, ({ error, result }) =>
          error === undefined ? resolve(result) : reject(new Error(`${method}: ${error.message}`)),
        );
        if (worker === '') this.socket.send(text);
        else this.send('')('NodeWorker.sendMessageToWorker', { sessionId: worker, message: text }).catch(reject);
      });
      return Promise.race([answered, this.ended]);
    };
  }

  private onAnswer(answer: Answer, worker: string): void {
    const sessionId = answer.params?.sessionId ?? '';
    switch (answer.method) {
      case 'NodeWorker.attachedToWorker':
        this.workers.add(sessionId);
        return;
      case 'NodeWorker.detachedFromWorker':
        this.workers.delete(sessionId);
        return;
      case 'NodeWorker.receivedMessageFromWorker':
        return this.onAnswer(JSON.parse(answer.params!.message!) as Answer, sessionId);
      default: {
        const key = `${worker} ${answer.id}`;
        this.waiting.get(key)?.(answer);
        this.waiting.delete(key);
      }
    }
  }
}

/** Twice: what only finalizers held is gone after the second. */
async function measured(send: Send): Promise<NodeJS.MemoryUsage> {
  await send('HeapProfiler.collectGarbage');
  await send('HeapProfiler.collectGarbage');
  const { result } = (await send('Runtime.evaluate', { expression: USAGE, returnByValue: true })) as { result: { value: string } };
  return JSON.parse(result.value) as NodeJS.MemoryUsage;
}
