import { type RefObject, useId } from 'react';
import type { InstrumentInfo } from '../../../../src/contract/api/market.ts';
import { decimalText } from '../../numbers/decimal-text.ts';
import type { MarketRow } from '../../state/desk.ts';

interface NumberFieldProps {
  readonly instrument: InstrumentInfo;
  readonly value: string;
  readonly problem: string | undefined;
  readonly onChange: (value: string) => void;
}

interface FieldProps extends NumberFieldProps {
  readonly name: string;
  readonly unit: string;
  readonly note: string;
  readonly input?: RefObject<HTMLInputElement | null>;
}

function NumberField({ name, unit, note, value, problem, onChange, input }: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>
        {name} <span className="unit">{unit}</span>
      </label>
      <input
        id={id}
        ref={input}
        className="number"
        inputMode="decimal"
        autoComplete="off"
        value={value}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-note`}
        onChange={(event) => onChange(event.target.value.replace(',', '.').trim())}
      />
      <span id={`${id}-note`} className={`field-note ${problem === undefined ? '' : 'refused'}`}>
        {problem ?? note}
      </span>
    </div>
  );
}

export function QuantityField({ input, ...props }: NumberFieldProps & { readonly input: RefObject<HTMLInputElement | null> }) {
  const { lotSize, base } = props.instrument;
  return <NumberField {...props} name="Quantity" unit={base} note={`lots of ${lotSize}`} input={input} />;
}

export function PriceField({ name, ...props }: NumberFieldProps & { readonly name: string }) {
  const { priceIncrement, quote } = props.instrument;
  return <NumberField {...props} name={name} unit={quote} note={`steps of ${priceIncrement}`} />;
}

interface TicketChecksProps {
  readonly instrument: InstrumentInfo;
  readonly market: MarketRow | undefined;
  readonly value: string | null;
  readonly warnings: readonly string[];
}

/** What the order meets: best prices, its value, and limits that it is beyond. */
export function TicketChecks({ instrument, market, value, warnings }: TicketChecksProps) {
  const price = (text: string | null | undefined) => (text == null ? '–' : decimalText(text, { decimals: instrument.priceDecimals }));
  return (
    <>
      <dl className="facts ticket-facts">
        <div>
          <dt>Bid</dt>
          <dd>{price(market?.quote?.bidPrice)}</dd>
        </div>
        <div>
          <dt>Ask</dt>
          <dd>{price(market?.quote?.askPrice)}</dd>
        </div>
        <div>
          <dt>Value</dt>
          <dd>
            {value === null ? '–' : decimalText(value, { decimals: 2 })} <span className="unit">{instrument.quote}</span>
          </dd>
        </div>
      </dl>
      {warnings.map((warning) => (
        <p key={warning} className="warning-text">
          {warning}
        </p>
      ))}
    </>
  );
}
