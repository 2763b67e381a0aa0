/** An open connection, as the feed uses it. */
export interface FeedSocket {
  send(text: string): void;
  ping(): void;
  /** Ends it without waiting for the other side. `onClose` is not called any more. */
  terminate(): void;
}

/** Who hears a connection. */
export interface FeedSocketListener {
  onOpen(): void;
  /** The bytes are borrowed. */
  onMessage(bytes: Uint8Array): void;
  /** The other side has pinged, or answered a ping. */
  onAlive(): void;
  /** The connection has ended, or never came about; the last call. */
  onClose(end: SocketEnd): void;
}

/** How a connection ended. */
export interface SocketEnd {
  /** HTTP status of a refusal to upgrade; 0 for others. */
  readonly status: number;
  /** Seconds that the refusal says to wait; NaN where it says none. */
  readonly retryAfterS: number;
  readonly detail: string;
}

export type OpenSocket = (url: string, listener: FeedSocketListener) => FeedSocket;

export interface HttpAnswer {
  readonly status: number;
  readonly header: (name: string) => string | null;
  readonly body: string;
}

/** Fetches an address; rejects where there is no answer, and when the signal aborts. */
export type FetchText = (url: string, signal: AbortSignal) => Promise<HttpAnswer>;
