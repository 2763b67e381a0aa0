import { parentPort, workerData } from 'node:worker_threads';
import { planParts } from './plan-parts.ts';
import { assert } from '../../base/assert.ts';
import { LocalCore } from '../../runtime/session/local-core.ts';
import type { CoreMessage, CoreRequest, CoreThreadData } from '../../runtime/session/worker-core.ts';

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
    if (request.kind === 'inputs') core.send(request.inputs);
    else void core.digest().then((digest) => answer({ kind: 'digest', question: request.question, digest }));
  });
}
