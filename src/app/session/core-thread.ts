import { parentPort, workerData } from 'node:worker_threads';
import { planParts } from './plan-parts.ts';
import { assert, unreachable } from '../../base/assert.ts';
import { StateRefused } from '../../model/state-refused.ts';
import { LocalCore } from '../../runtime/session/local-core.ts';
import type { CoreMessage, CoreQuestions, CoreRequest, CoreThreadData } from '../../runtime/session/worker-core.ts';

/** True in the thread that a session's core runs in. */
export function isCoreThread(): boolean {
  return typeof workerData === 'object' && workerData !== null && 'sessionCore' in workerData;
}

/** Takes inputs from the rim for as long as the thread lives. */
export function runCoreThread(): void {
  const port = parentPort;
  assert(port !== null, 'a core thread has a rim');
  const answer = (message: CoreMessage): void => port.postMessage(message);
  const core = new LocalCore((workerData as CoreThreadData).sessionCore, planParts(), {
    onReply: (reply) => answer({ kind: 'reply', reply }),
    onFailure: (error) => answer({ kind: 'failure', message: error.message, stack: error.stack ?? '' }),
  });
  port.on('message', (request: CoreRequest) => {
    if (request.kind === 'inputs') return core.send(request.inputs);
    const { number, question } = request;
    answerTo(core, question).then(
      (answered) => answer({ kind: 'answer', number, answer: answered }),
      (error: unknown) => answer({ kind: 'refusal', number, ...refusalOf(error) }),
    );
  });
}

type Answer = CoreQuestions[keyof CoreQuestions]['answer'];

function answerTo(core: LocalCore, question: Extract<CoreRequest, { kind: 'question' }>['question']): Promise<Answer> {
  switch (question.kind) {
    case 'digest':
      return core.digest();
    case 'save':
      return core.save();
    case 'load':
      return core.load(question.asked);
    default:
      return unreachable(question);
  }
}

function refusalOf(error: unknown): Pick<Extract<CoreMessage, { kind: 'refusal' }>, 'message' | 'code'> {
  const message = error instanceof Error ? error.message : String(error);
  return { message, code: error instanceof StateRefused ? error.code : null };
}
