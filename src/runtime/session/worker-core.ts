import { Worker } from 'node:worker_threads';
import type { CoreLink, CoreListener, CoreReply, NumberedInput } from './core-link.ts';
import type { SessionPlan } from './session-plan.ts';

/** What the rim sends to the core's thread. */
export type CoreRequest =
  | { readonly kind: 'inputs'; readonly inputs: readonly NumberedInput[] }
  | { readonly kind: 'digest'; readonly question: number };

/** What the core's thread sends back. */
export type CoreMessage =
  | { readonly kind: 'reply'; readonly reply: CoreReply }
  | { readonly kind: 'failure'; readonly message: string; readonly stack: string }
  | { readonly kind: 'digest'; readonly question: number; readonly digest: string };

/** Says to the program that it runs as the core's thread of a session, and what of. */
export interface CoreThreadData {
  readonly sessionCore: SessionPlan;
}

/** The core in a thread of its own, which has the plan and nothing else: no environment, no arguments, no standard input. */
export class WorkerCore implements CoreLink {
  private readonly worker: Worker;
  private readonly listener: CoreListener;
  private readonly questions = new Map<number, (digest: string) => void>();
  private asked = 0;
  private isClosed = false;

  /** @param program file of the program, which starts as the core's thread where it finds {@link CoreThreadData} */
  constructor(program: string, plan: SessionPlan, listener: CoreListener) {
    this.listener = listener;
    const workerData: CoreThreadData = { sessionCore: plan };
    this.worker = new Worker(program, { workerData, env: {}, argv: [], stdin: false, name: 'core' });
    this.worker.on('message', (message: CoreMessage) => this.hear(message));
    this.worker.on('error', (error) => this.fail(error));
    this.worker.on('exit', (status) => {
      if (!this.isClosed) this.fail(new Error(`the core's thread ended with status ${status}`));
    });
  }

  send(inputs: readonly NumberedInput[]): void {
    this.post({ kind: 'inputs', inputs });
  }

  digest(): Promise<string> {
    this.asked += 1;
    const question = this.asked;
    return new Promise((resolve) => {
      this.questions.set(question, resolve);
      this.post({ kind: 'digest', question });
    });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.worker.terminate();
  }

  private post(request: CoreRequest): void {
    this.worker.postMessage(request);
  }

  private hear(message: CoreMessage): void {
    switch (message.kind) {
      case 'reply':
        return this.listener.onReply(message.reply);
      case 'failure': {
        const error = new Error(message.message);
        error.stack = message.stack;
        return this.fail(error);
      }
      case 'digest':
        this.questions.get(message.question)?.(message.digest);
        this.questions.delete(message.question);
    }
  }

  private fail(error: Error): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.listener.onFailure(error);
  }
}
