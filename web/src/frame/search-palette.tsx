import { useMemo, useState } from 'react';
import { desk } from '../state/desk.ts';
import { goTo, PAGES, type Route } from '../state/route.ts';
import { useTopic } from '../state/topic.ts';
import { Dialog } from '../parts/overlay.tsx';
import { PAGE_TITLES } from './rail.tsx';

const FOUND_MAX = 12;

interface Found extends Route {
  readonly text: string;
  readonly kind: string;
}

/** Goes to a page, an instrument, an order or a strategy by a few letters of its name. */
export function SearchPalette({ onClose }: { readonly onClose: () => void }) {
  const [words, setWords] = useState('');
  const [reached, setReached] = useState(0);
  const instruments = useTopic(desk.instruments);
  const orders = useTopic(desk.orders);
  const strategies = useTopic(desk.strategies);
  const all = useMemo<readonly Found[]>(
    () => [
      ...PAGES.map((page) => ({ text: PAGE_TITLES[page], kind: 'page', page, subject: '' })),
      ...instruments.map(({ instrument }) => ({ text: instrument, kind: 'instrument', page: 'markets' as const, subject: instrument })),
      ...strategies.map(({ strategy }) => ({ text: strategy, kind: 'strategy', page: 'strategies' as const, subject: strategy })),
      ...orders.map((order) => ({
        text: `${order.clientOrderId} ${order.side} ${order.instrument} ${order.tag}`,
        kind: 'order',
        page: 'orders' as const,
        subject: order.clientOrderId,
      })),
    ],
    [instruments, orders, strategies],
  );
  const parts = words.toLowerCase().split(/\s+/);
  const found = all.filter(({ text }) => parts.every((part) => text.toLowerCase().includes(part))).slice(0, FOUND_MAX);
  const at = Math.min(reached, Math.max(0, found.length - 1));
  const open = (choice: Found | undefined) => {
    if (choice === undefined) return;
    goTo(choice.page, choice.subject);
    onClose();
  };
  return (
    <Dialog title="Search" onClose={onClose} className="palette">
      <input
        // The palette exists to be typed into.
        ref={(element) => element?.focus()}
        aria-label="Search"
        placeholder="Page, instrument, order, strategy"
        value={words}
        onChange={(event) => {
          setWords(event.target.value);
          setReached(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setReached(Math.min(found.length - 1, at + 1));
          else if (event.key === 'ArrowUp') setReached(Math.max(0, at - 1));
          else if (event.key === 'Enter') open(found[at]);
          else return;
          event.preventDefault();
        }}
      />
      <ul>
        {found.map((choice, index) => (
          <li key={`${choice.kind} ${choice.text}`}>
            <button type="button" data-reached={index === at} onClick={() => open(choice)}>
              {choice.text} <span className="muted">{choice.kind}</span>
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 ? <p className="empty muted">Nothing of that name. Try fewer letters.</p> : null}
    </Dialog>
  );
}
