import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { PlaceOrder } from '../../../../src/contract/api/orders.ts';
import { orderWords, placeOrder } from '../../api/commands.ts';
import { decimalText } from '../../numbers/decimal-text.ts';
import { Empty, Panel } from '../../parts/panel.tsx';
import { Segmented } from '../../parts/segmented.tsx';
import { desk } from '../../state/desk.ts';
import { ticketDraft } from '../../state/ticket-draft.ts';
import { useTopic } from '../../state/topic.ts';
import { PriceField, QuantityField, TicketChecks } from './ticket-fields.tsx';
import { hasLimit, hasStop, limitWarnings, ticketProblems, ticketValue } from './ticket-check.ts';

const SIDES = [
  ['BUY', 'Buy'],
  ['SELL', 'Sell'],
] as const;
const TYPES = [
  ['LIMIT', 'Limit'],
  ['MARKET', 'Market'],
  ['STOP', 'Stop'],
  ['STOP_LIMIT', 'Stop limit'],
] as const;
const TIMES = [
  ['GTC', 'GTC'],
  ['DAY', 'Day'],
  ['IOC', 'IOC'],
  ['FOK', 'FOK'],
] as const;

type TimeChoice = (typeof TIMES)[number][0];

/** An order by hand: typed, checked while it is typed, read again, sent. Enter goes on, Esc goes back. */
export function TicketPanel() {
  const draft = useTopic(ticketDraft);
  const instruments = useTopic(desk.instruments);
  const markets = useTopic(desk.markets);
  const limits = useTopic(desk.limits);
  const [side, setSide] = useState<PlaceOrder['side']>(draft.side);
  const [chosen, setChosen] = useState(draft.instrument);
  const [orderType, setType] = useState<PlaceOrder['orderType']>('LIMIT');
  const [quantity, setQuantity] = useState('');
  const [limitPrice, setLimitPrice] = useState(draft.limitPrice);
  const [stopPrice, setStopPrice] = useState('');
  const [timeInForce, setTime] = useState<TimeChoice>('GTC');
  const [postOnly, setPostOnly] = useState(false);
  const [reduceOnly, setReduceOnly] = useState(false);
  const [step, setStep] = useState<'write' | 'read' | 'send'>('write');
  const [hasTried, setTried] = useState(false);
  const quantityInput = useRef<HTMLInputElement>(null);
  const sendButton = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (draft.opened === 0) return;
    setSide(draft.side);
    setChosen(draft.instrument);
    setLimitPrice(draft.limitPrice);
    setStep('write');
    quantityInput.current?.focus();
  }, [draft]);
  useEffect(() => {
    if (step === 'read') sendButton.current?.focus();
  }, [step]);

  const instrument = instruments.find((row) => row.instrument === chosen) ?? instruments[0];
  if (instrument === undefined)
    return (
      <Panel title="Ticket" className="ticket">
        <Empty title="No instrument is known yet." next="They come with the first answer of the server." />
      </Panel>
    );
  const market = markets.find((row) => row.instrument === instrument.instrument);
  const fields = { side, orderType, quantity, limitPrice, stopPrice };
  const problems = ticketProblems(fields, instrument);
  const value = ticketValue(fields, instrument, market);
  const order: PlaceOrder = {
    instrument: instrument.instrument,
    side,
    orderType,
    quantity,
    ...(hasLimit(orderType) ? { limitPrice } : {}),
    ...(hasStop(orderType) ? { stopPrice } : {}),
    timeInForce,
    ...(postOnly && hasLimit(orderType) ? { postOnly } : {}),
    ...(reduceOnly ? { reduceOnly } : {}),
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(problems).length > 0) return;
    if (step === 'write') return setStep('read');
    setStep('send');
    const answer = await placeOrder(order);
    setStep('write');
    if (!answer.ok) return;
    setQuantity('');
    setTried(false);
    quantityInput.current?.focus();
  };
  const shown = (name: 'quantity' | 'limitPrice' | 'stopPrice', text: string) => (hasTried || text !== '' ? problems[name] : undefined);
  return (
    <Panel title="Ticket" note="b buy, s sell" className="ticket">
      <form
        onSubmit={(event) => void submit(event)}
        onChange={() => setStep('write')}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setStep('write');
        }}
      >
        <Segmented label="Side" options={SIDES} value={side} onChange={setSide} />
        <div className="field">
          <label htmlFor="ticket-instrument">Instrument</label>
          <select id="ticket-instrument" value={instrument.instrument} onChange={(event) => setChosen(event.target.value)}>
            {instruments.map((row) => (
              <option key={row.instrument}>{row.instrument}</option>
            ))}
          </select>
        </div>
        <div className="field">
          <span className="field-label">Type</span>
          <Segmented label="Type" options={TYPES} value={orderType} onChange={setType} />
        </div>
        <QuantityField
          input={quantityInput}
          instrument={instrument}
          value={quantity}
          problem={shown('quantity', quantity)}
          onChange={setQuantity}
        />
        {hasStop(orderType) ? (
          <PriceField
            name="Stop price"
            instrument={instrument}
            value={stopPrice}
            problem={shown('stopPrice', stopPrice)}
            onChange={setStopPrice}
          />
        ) : null}
        {hasLimit(orderType) ? (
          <PriceField
            name="Limit price"
            instrument={instrument}
            value={limitPrice}
            problem={shown('limitPrice', limitPrice)}
            onChange={setLimitPrice}
          />
        ) : null}
        <div className="field">
          <span className="field-label">Time in force</span>
          <Segmented label="Time in force" options={TIMES} value={timeInForce} onChange={setTime} />
        </div>
        <div className="row checks">
          <label className="check">
            <input
              type="checkbox"
              checked={postOnly}
              disabled={!hasLimit(orderType)}
              onChange={(event) => setPostOnly(event.target.checked)}
            />
            Post only
          </label>
          <label className="check">
            <input type="checkbox" checked={reduceOnly} onChange={(event) => setReduceOnly(event.target.checked)} />
            Reduce only
          </label>
        </div>
        <TicketChecks instrument={instrument} market={market} value={value} warnings={limitWarnings(value, limits, instrument.quote)} />
        {step === 'write' ? (
          <button type="submit" className={`strong ${side === 'BUY' ? 'buy-side' : 'sell-side'}`}>
            {side === 'BUY' ? 'Buy' : 'Sell'} {decimalText(quantity)} {instrument.symbol}…
          </button>
        ) : (
          <div className="confirm">
            <p>{orderWords(order)}</p>
            <button
              type="submit"
              ref={sendButton}
              disabled={step === 'send'}
              className={`strong ${side === 'BUY' ? 'buy-side' : 'sell-side'}`}
            >
              {step === 'send' ? 'Sending…' : 'Send order'}
            </button>
            <button type="button" disabled={step === 'send'} onClick={() => setStep('write')}>
              Back
            </button>
          </div>
        )}
      </form>
    </Panel>
  );
}
