import { Topic } from './topic.ts';

/** What became of something that was asked for. A pending one stays until it is answered. */
export interface Notice {
  readonly id: number;
  readonly status: 'pending' | 'done' | 'refused';
  readonly title: string;
  readonly detail: string;
}

const SHOWN_MS = 6000;
const REFUSED_SHOWN_MS = 20_000;
const NOTICES_MAX = 6;

export const notices = new Topic<readonly Notice[]>([]);
let lastId = 0;

export function beginNotice(title: string): number {
  lastId += 1;
  const notice: Notice = { id: lastId, status: 'pending', title, detail: 'Waiting for the engine' };
  notices.update((list) => [...list, notice].slice(-NOTICES_MAX));
  return notice.id;
}

export function endNotice(id: number, status: 'done' | 'refused', detail: string): void {
  notices.update((list) => list.map((notice) => (notice.id === id ? { ...notice, status, detail } : notice)));
  setTimeout(() => dropNotice(id), status === 'done' ? SHOWN_MS : REFUSED_SHOWN_MS);
}

export function dropNotice(id: number): void {
  notices.update((list) => list.filter((notice) => notice.id !== id));
}
