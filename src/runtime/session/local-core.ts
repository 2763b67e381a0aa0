import type { CoreLink, CoreListener, NumberedInput } from './core-link.ts';
import type { PlanParts, SessionPlan } from './session-plan.ts';
import { SessionCore } from './session-core.ts';
import type { CommandAnswer } from '../../model/session-input.ts';
import type { SessionOutput } from '../../model/session-output.ts';

/** The core in this thread: for replays and tests, and within the worker. Replies before `send` returns. */
export class LocalCore implements CoreLink {
  readonly core: SessionCore;
  private readonly listener: CoreListener;

  constructor(plan: SessionPlan, parts: PlanParts, listener: CoreListener) {
    this.core = new SessionCore(plan, parts);
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

  close(): Promise<void> {
    return Promise.resolve();
  }
}
