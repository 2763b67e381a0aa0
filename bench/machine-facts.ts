import { cpus, loadavg, platform, release, totalmem } from 'node:os';
import { compilerVersion } from './c-programs.ts';

export interface MachineFacts {
  readonly date: string;
  readonly machine: string;
  readonly versions: string;
  /** Programs that wanted a core at the end of the table, on average over a minute: about 1 is ours. */
  readonly load: number;
  readonly seconds: number;
}

export function machineFacts(seconds: number): MachineFacts {
  const cores = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cores[0]?.model.trim() ?? 'unknown processor'}, ${cores.length} cores seen, ${Math.round(totalmem() / 2 ** 30)} GiB, ${platform()} ${release()}`,
    versions: `Node ${process.versions.node} (V8 ${process.versions.v8}), ${compilerVersion() ?? 'no gcc'}`,
    load: Math.round(loadavg()[0]! * 10) / 10,
    seconds: Math.round(seconds),
  };
}
