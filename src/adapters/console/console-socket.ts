import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';

/** Bytes of a line that is asked or answered. */
export const CONSOLE_LINE_BYTES_MAX = 4_194_304;
/** Connections at a time. */
export const CONSOLE_CONNECTIONS_MAX = 8;
/** How long either side waits for the other, milliseconds: a new password is hashed meanwhile, and a rotation may have thousands of records. */
const WAIT_MS = 120_000;
/** Systems give the path of a socket about a hundred bytes. Source: unix(7), sun_path. */
const PATH_BYTES_MAX = 100;

/**
 * The socket within a folder of a session. It lies in a folder that its owner alone may enter, which is what says who may ask.
 *
 * @returns null where there can be none: on Windows, and where the path is too long
 */
export function consoleSocketPath(folder: string): string | null {
  const file = path.join(path.resolve(folder), 'console', 'socket');
  return process.platform === 'win32' || Buffer.byteLength(file) > PATH_BYTES_MAX ? null : file;
}

export interface ConsoleServer {
  close(): Promise<void>;
}

/**
 * Answers whoever connects: one line in, one line out.
 *
 * @param file of {@link consoleSocketPath}; one that a killed process left behind is taken away, since the caller holds the journal of the folder
 */
export async function serveConsole(file: string, answer: (line: string) => Promise<string>): Promise<ConsoleServer> {
  const folder = path.dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  if (lstatSync(file, { throwIfNoEntry: false })?.isSocket() === true) rmSync(file);
  const sockets = new Set<Socket>();
  // The asking side ends its half after the line; the answer goes out on the other.
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    readLine(socket)
      .then(answer)
      .then((line) => socket.end(`${line}\n`))
      .catch(() => socket.destroy());
  });
  server.maxConnections = CONSOLE_CONNECTIONS_MAX;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(file, () => {
      server.off('error', reject);
      resolve();
    });
  });
  chmodSync(file, 0o600);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/**
 * Asks the process that has the folder.
 *
 * @returns null where nobody listens
 * @throws Error where somebody does and the answer does not come whole
 */
export async function askConsole(file: string, line: string): Promise<string | null> {
  const socket = await new Promise<Socket | null>((resolve, reject) => {
    const made = connect({ path: file, allowHalfOpen: true });
    made.once('connect', () => resolve(made));
    made.once('error', (error: NodeJS.ErrnoException) => {
      // ECONNREFUSED: the socket of a process that was killed.
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(null);
      else reject(error);
    });
  });
  if (socket === null) return null;
  socket.end(`${line}\n`);
  return readLine(socket).finally(() => socket.destroy());
}

function readLine(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    socket.setTimeout(WAIT_MS, () => socket.destroy(new Error('nobody answered in time')));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the connection was closed before the line had ended')));
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > CONSOLE_LINE_BYTES_MAX) socket.destroy(new Error('the line is too long'));
      else if (chunk.includes(0x0a)) resolve(firstLine(chunks));
    });
  });
}

function firstLine(chunks: readonly Buffer[]): string {
  const text = Buffer.concat(chunks).toString('utf8');
  return text.slice(0, text.indexOf('\n'));
}
