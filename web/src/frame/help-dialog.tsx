import { Dialog } from '../parts/overlay.tsx';
import { Segmented } from '../parts/segmented.tsx';
import { changeSettings, settings, type Theme } from '../state/settings.ts';
import { useTopic } from '../state/topic.ts';
import { PAGE_TITLES } from './rail.tsx';
import { GO_KEYS } from './shortcuts.ts';

const THEMES: readonly (readonly [Theme, string])[] = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

/** Every key, the choice of colors, and whose charts these are. */
export function HelpDialog({ onClose }: { readonly onClose: () => void }) {
  const { theme, pair } = useTopic(settings);
  return (
    <Dialog title="Keys and display" onClose={onClose}>
      <dl className="keys">
        <dt>
          <kbd>/</kbd>
        </dt>
        <dd>Search pages, instruments, orders, strategies</dd>
        <dt>
          <kbd>b</kbd> <kbd>s</kbd>
        </dt>
        <dd>Ticket to buy, to sell</dd>
        {Object.entries(GO_KEYS).map(([key, page]) => (
          <div key={key} style={{ display: 'contents' }}>
            <dt>
              <kbd>g</kbd> <kbd>{key}</kbd>
            </dt>
            <dd>{PAGE_TITLES[page]}</dd>
          </div>
        ))}
        <dt>
          <kbd>↑</kbd> <kbd>↓</kbd> <kbd>Enter</kbd>
        </dt>
        <dd>Move in a table, open the row</dd>
        <dt>
          <kbd>Esc</kbd>
        </dt>
        <dd>Close what is open</dd>
        <dt>
          <kbd>?</kbd>
        </dt>
        <dd>This list</dd>
        <dt>Theme</dt>
        <dd>
          <Segmented label="Theme" options={THEMES} value={theme} onChange={(value) => changeSettings({ theme: value })} />
        </dd>
        <dt>Gain, loss</dt>
        <dd>
          <Segmented
            label="Colors of gain and loss"
            options={[
              ['green', 'Green and red'],
              ['blue', 'Blue and orange'],
            ]}
            value={pair}
            onChange={(value) => changeSettings({ pair: value })}
          />
        </dd>
        <dt>Charts</dt>
        <dd className="muted">TradingView Lightweight Charts™, © 2025 TradingView, Inc., https://www.tradingview.com</dd>
      </dl>
    </Dialog>
  );
}
