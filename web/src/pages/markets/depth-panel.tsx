import type { Book, InstrumentInfo } from '../../../../src/contract/api/market.ts';
import type { Order } from '../../../../src/contract/api/orders.ts';
import { addDecimals, decimalText } from '../../numbers/decimal-text.ts';
import { instrumentQuantity } from '../../numbers/instrument-prices.ts';
import { Empty, Panel } from '../../parts/panel.tsx';
import { isOpen } from '../../state/derived.ts';
import { desk } from '../../state/desk.ts';
import { openTicket } from '../../state/ticket-draft.ts';
import { useTopic } from '../../state/topic.ts';

const LEVELS_SHOWN = 10;

type Level = Book['bids'][number];

/** Own quantity that is working, by price. */
function ownByPrice(orders: readonly Order[], instrument: string, side: Order['side']): ReadonlyMap<number, string> {
  const sums = new Map<number, string>();
  for (const order of orders) {
    if (order.instrument !== instrument || order.side !== side || order.limitPrice === null || !isOpen(order)) continue;
    const price = Number(order.limitPrice);
    sums.set(price, addDecimals(sums.get(price) ?? '0', order.leavesQty));
  }
  return sums;
}

interface LevelRowProps {
  readonly level: Level;
  readonly side: Order['side'];
  readonly share: number;
  readonly own: string | undefined;
  readonly instrument: InstrumentInfo;
}

function LevelRow({ level, side, share, own, instrument }: LevelRowProps) {
  const opposite = side === 'BUY' ? 'SELL' : 'BUY';
  return (
    <li className={`level ${side === 'BUY' ? 'bid' : 'ask'}`}>
      <span className="level-bar" style={{ width: `${share * 100}%` }} aria-hidden="true" />
      <span className="own">{own === undefined ? '' : instrumentQuantity(instrument.instrument, own)}</span>
      <span className="number">{instrumentQuantity(instrument.instrument, level.quantity)}</span>
      <button
        type="button"
        className="level-price"
        title={`${opposite === 'BUY' ? 'Buy' : 'Sell'} at this price`}
        onClick={() => openTicket(opposite, level.price)}
      >
        {decimalText(level.price, { decimals: instrument.priceDecimals })}
      </button>
    </li>
  );
}

/** The order book as a ladder, with what is ours in it. */
export function DepthPanel({ instrument }: { readonly instrument: InstrumentInfo }) {
  const shown = useTopic(desk.book);
  const orders = useTopic(desk.orders);
  const book = shown?.instrument === instrument.instrument ? shown : null;
  const bids = book?.bids.slice(0, LEVELS_SHOWN) ?? [];
  const asks = book?.asks.slice(0, LEVELS_SHOWN) ?? [];
  const largest = Math.max(1e-12, ...[...bids, ...asks].map((level) => Number(level.quantity)));
  const [ownBids, ownAsks] = [ownByPrice(orders, instrument.instrument, 'BUY'), ownByPrice(orders, instrument.instrument, 'SELL')];
  const spread = bids[0] === undefined || asks[0] === undefined ? null : Number(asks[0].price) - Number(bids[0].price);
  const row = (level: Level, side: Order['side']) => (
    <LevelRow
      key={level.price}
      level={level}
      side={side}
      share={Number(level.quantity) / largest}
      own={(side === 'BUY' ? ownBids : ownAsks).get(Number(level.price))}
      instrument={instrument}
    />
  );
  return (
    <Panel
      title="Depth"
      note={book === null || book.isDepth ? undefined : 'best prices only'}
      className={`depth flush ${book?.isWhole === false ? 'is-old' : ''}`}
    >
      {bids.length + asks.length === 0 ? (
        <Empty title="No book yet." next="It comes with the first quote or snapshot." />
      ) : (
        <>
          <div className="level-head">
            <span>Own</span>
            <span>Quantity</span>
            <span>Price</span>
          </div>
          <ol className="levels">
            {[...asks].reverse().map((level) => row(level, 'SELL'))}
            <li className="spread">
              <span className="muted">spread</span>
              <span className="number">{spread === null ? '–' : spread.toFixed(instrument.priceDecimals)}</span>
            </li>
            {bids.map((level) => row(level, 'BUY'))}
          </ol>
        </>
      )}
    </Panel>
  );
}
