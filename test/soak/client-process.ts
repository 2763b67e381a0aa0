import { type ChildProcess, fork } from 'node:child_process';
import type { ClientFigures, FromClients, ToClients } from './client-messages.ts';

/** Clients in a process of their own. One question at a time. */
export class ClientProcess {
  private readonly child: ChildProcess;
  private waiting: { readonly resolve: (answer: FromClients) => void; readonly reject: (error: Error) => void } | null = null;
  private failure: string | null = null;

  /** @param program bundle of clients-child.ts */
  constructor(program: string) {
    this.child = fork(program, [], { execArgv: [], serialization: 'advanced' });
    this.child.on('message', (answer: FromClients) => {
      if (answer.kind === 'failed') this.fail(answer.reason);
      else {
        this.waiting?.resolve(answer);
        this.waiting = null;
      }
    });
    this.child.on('close', (status, signal) => this.fail(`the clients have ended (${signal ?? status})`));
  }

  async open(asked: Omit<Extract<ToClients, { kind: 'open' }>, 'kind'>): Promise<void> {
    await this.ask({ kind: 'open', ...asked });
  }

  /** What has come since the last call. */
  async take(): Promise<ClientFigures> {
    const answer = await this.ask({ kind: 'take' });
    if (answer.kind !== 'figures') throw new Error(`the clients answer ${answer.kind}`);
    return answer.figures;
  }

  tellAccess(access: Extract<ToClients, { kind: 'access' }>['access']): void {
    this.child.send({ kind: 'access', access } satisfies ToClients);
  }

  async closeAll(): Promise<void> {
    await this.ask({ kind: 'close' });
  }

  end(): void {
    this.child.removeAllListeners('close');
    if (this.child.connected) this.child.disconnect();
  }

  private ask(question: ToClients): Promise<FromClients> {
    return new Promise((resolve, reject) => {
      if (this.failure !== null) reject(new Error(this.failure));
      this.waiting = { resolve, reject };
      this.child.send(question);
    });
  }

  private fail(reason: string): void {
    this.failure ??= reason;
    this.waiting?.reject(new Error(reason));
    this.waiting = null;
  }
}
