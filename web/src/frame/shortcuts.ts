import { useEffect } from 'react';
import { goTo, type PageName } from '../state/route.ts';
import { openTicket } from '../state/ticket-draft.ts';

export const GO_KEYS: Readonly<Record<string, PageName>> = {
  v: 'overview',
  m: 'markets',
  o: 'orders',
  p: 'positions',
  s: 'strategies',
  r: 'risk',
  e: 'research',
  t: 'operations',
};

const GO_WAIT_MS = 1200;

interface ShortcutActions {
  readonly onSearch: () => void;
  readonly onHelp: () => void;
  readonly onEscape: () => void;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, select, textarea');
}

/** Keys that work everywhere but while typing: `/`, `?`, `b`, `s`, `g` and a letter, Esc. */
export function useShortcuts({ onSearch, onHelp, onEscape }: ShortcutActions): void {
  useEffect(() => {
    let goneTs = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') {
        if (document.querySelector('dialog[open]') === null) onEscape();
        return;
      }
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]') !== null)
        return;
      const page = event.timeStamp - goneTs < GO_WAIT_MS ? GO_KEYS[event.key] : undefined;
      goneTs = event.key === 'g' ? event.timeStamp : 0;
      if (page !== undefined) goTo(page);
      else if (event.key === '/') onSearch();
      else if (event.key === '?') onHelp();
      else if (event.key === 'b') openTicket('BUY');
      else if (event.key === 's') openTicket('SELL');
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [onSearch, onHelp, onEscape]);
}
