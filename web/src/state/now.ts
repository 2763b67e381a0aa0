import { Topic } from './topic.ts';

const TICK_MS = 500;

/** The server's time in microseconds as far as it is known: this machine's, moved by what the server last said. */
export const now = new Topic<number>(Date.now() * 1000);
let offsetUs = 0;

export function setServerTime(tsUs: number): void {
  offsetUs = tsUs - Date.now() * 1000;
}

export function serverNow(): number {
  return Date.now() * 1000 + offsetUs;
}

export function machineNow(): number {
  return Date.now() * 1000;
}

export function startClock(): () => void {
  const timer = setInterval(() => now.set(serverNow()), TICK_MS);
  return () => clearInterval(timer);
}
