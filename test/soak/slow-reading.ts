import type { StreamListener } from './stream-listener.ts';

/** How long a sleeper reads nothing at all, then everything. */
const SLEEP_MS = 20_000;
const AWAKE_MS = 3000;
/** How often the others read a little. */
const SIP_EVERY_MS = 500;

/** Reads as a laptop that falls asleep, or as one behind a thin line. @returns stops it */
export function readSlowly({ socket }: StreamListener, isSleeper: boolean): () => void {
  return isSleeper ? sleep(socket) : sip(socket);
}

function sleep(socket: StreamListener['socket']): () => void {
  let timer: NodeJS.Timeout;
  const rest = (): void => {
    socket.pause();
    timer = setTimeout(wake, SLEEP_MS);
  };
  const wake = (): void => {
    socket.resume();
    timer = setTimeout(rest, AWAKE_MS);
  };
  rest();
  return () => clearTimeout(timer);
}

/** Until a message has come, and with it what one read of the socket brings. */
function sip(socket: StreamListener['socket']): () => void {
  const rest = (): void => socket.pause();
  rest();
  socket.on('message', rest);
  const timer = setInterval(() => socket.resume(), SIP_EVERY_MS);
  return () => clearInterval(timer);
}
