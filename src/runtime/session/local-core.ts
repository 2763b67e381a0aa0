import { deserialize, serialize } from 'node:v8';
import type { CoreLink, CoreListener, CoreState, LoadedCore, NumberedInput, SavedCore } from './core-link.ts';
import type { PlanParts, SessionPlan } from './session-plan.ts';
import { SessionCore, type SessionCoreState } from './session-core.ts';
import type { CommandAnswer } from '../../model/session-input.ts';
import type { SessionOutput } from '../../model/session-output.ts';
import { StateRefused } from '../../model/state-refused.ts';

/** The core in this thread: for replays and tests, and within the worker. Replies before `send` returns. */
export class LocalCore implements CoreLink {
  core: SessionCore;
  private readonly listener: CoreListener;
  private readonly makeCore: () => SessionCore;

  constructor(plan: SessionPlan, parts: PlanParts, listener: CoreListener) {
    this.makeCore = () => new SessionCore(plan, parts);
    this.core = this.makeCore();
    this.listener = listener;
  }

  send(inputs: readonly NumberedInput[]): void {
    const outputs: SessionOutput[] = [];
    const answers: { readonly sequence: number; readonly answer: CommandAnswer }[] = [];
    let failure: Error | null = null;
    for (const { sequence, input } of inputs) {
      try {
        const { output, answer } = this.core.take(sequence, input);
        outputs.push(output);
        if (answer !== null) answers.push({ sequence, answer });
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error));
        break;
      }
    }
    // What came before the failure has happened.
    this.listener.onReply({ outputs, answers, dueTs: this.core.dueTs });
    if (failure !== null) this.listener.onFailure(failure);
  }

  digest(): Promise<string> {
    return Promise.resolve(this.core.digest());
  }

  /** The core is saved within the call, whenever its promise is looked at. */
  async save(): Promise<SavedCore> {
    const startMs = performance.now();
    const { core } = this;
    const state = serialize(core.saveState());
    return { sequence: core.sequence, digest: core.digest(), state, tookMs: performance.now() - startMs };
  }

  async load({ state, sequence, digest }: CoreState): Promise<LoadedCore> {
    const { core } = this;
    try {
      core.loadState(deserialize(state) as SessionCoreState);
      // What is told by the digest is as it was; a program that reads the state otherwise than the one that wrote it shows here.
      if (core.sequence !== sequence || core.digest() !== digest)
        throw new StateRefused('STATE_OF_ANOTHER_MAKE', `the state of input ${sequence} has another digest when it is loaded`);
      return { dueTs: core.dueTs };
    } catch (error) {
      // Half of a state is nothing to go on from.
      this.core = this.makeCore();
      throw error;
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
