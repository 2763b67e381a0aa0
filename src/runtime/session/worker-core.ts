import { Worker } from 'node:worker_threads';
import type { CoreLink, CoreListener, CoreReply, CoreState, LoadedCore, NumberedInput, SavedCore } from './core-link.ts';
import type { SessionPlan } from './session-plan.ts';
import { assert, unreachable } from '../../base/assert.ts';
import type { Code } from '../../model/codes/catalogue.ts';
import { StateRefused } from '../../model/state-refused.ts';

/** What the core's thread can be asked, and what it answers. */
export interface CoreQuestions {
  readonly digest: { readonly asked: null; readonly answer: string };
  readonly save: { readonly asked: null; readonly answer: SavedCore };
  readonly load: { readonly asked: CoreState; readonly answer: LoadedCore };
}

type Asked = { [Q in keyof CoreQuestions]: { readonly kind: Q; readonly asked: CoreQuestions[Q]['asked'] } }[keyof CoreQuestions];

/** What the rim sends to the core's thread. */
export type CoreRequest =
  | { readonly kind: 'inputs'; readonly inputs: readonly NumberedInput[] }
  | { readonly kind: 'question'; readonly number: number; readonly question: Asked };

/** What the core's thread sends back. */
export type CoreMessage =
  | { readonly kind: 'reply'; readonly reply: CoreReply }
  | { readonly kind: 'failure'; readonly message: string; readonly stack: string }
  | { readonly kind: 'answer'; readonly number: number; readonly answer: CoreQuestions[keyof CoreQuestions]['answer'] }
  /** `code` where a state was refused. */
  | { readonly kind: 'refusal'; readonly number: number; readonly message: string; readonly code: Code | null };

/** Says to the program that it runs as the core's thread of a session, and what of. */
export interface CoreThreadData {
  readonly sessionCore: SessionPlan;
}

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

/** The core in a thread of its own, which has the plan and nothing else: no environment, no arguments, no standard input. */
export class WorkerCore implements CoreLink {
  private readonly worker: Worker;
  private readonly listener: CoreListener;
  private readonly waiting = new Map<number, Waiting>();
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
    return this.ask({ kind: 'digest', asked: null });
  }

  save(): Promise<SavedCore> {
    return this.ask({ kind: 'save', asked: null });
  }

  load(state: CoreState): Promise<LoadedCore> {
    return this.ask({ kind: 'load', asked: state });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.worker.terminate();
    this.leaveUnanswered(new Error("the core's thread was closed"));
  }

  private ask<Q extends keyof CoreQuestions>(question: Extract<Asked, { kind: Q }>): Promise<CoreQuestions[Q]['answer']> {
    this.asked += 1;
    const number = this.asked;
    return new Promise((resolve, reject) => {
      this.waiting.set(number, { resolve, reject });
      this.post({ kind: 'question', number, question });
    });
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
      case 'answer':
        return this.answered(message.number).resolve(message.answer as never);
      case 'refusal': {
        const { number, message: text, code } = message;
        return this.answered(number).reject(code === null ? new Error(text) : new StateRefused(code, text));
      }
      default:
        return unreachable(message);
    }
  }

  private answered(number: number): Waiting {
    const waiting = this.waiting.get(number);
    assert(waiting !== undefined, 'an answer is to a question');
    this.waiting.delete(number);
    return waiting;
  }

  private fail(error: Error): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.leaveUnanswered(error);
    this.listener.onFailure(error);
  }

  private leaveUnanswered(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
