import { type FormEvent, useState } from 'react';
import type { ModifyOrder, Order } from '../../../../src/contract/api/orders.ts';
import { modifyOrder } from '../../api/commands.ts';
import { compareDecimals, decimalText, isMultipleOf, isPositiveDecimal } from '../../numbers/decimal-text.ts';
import { desk } from '../../state/desk.ts';
import { useTopic } from '../../state/topic.ts';

interface Change {
  readonly key: 'quantity' | 'limitPrice' | 'stopPrice';
  readonly title: string;
  readonly before: string;
}

/** Another quantity or price for a working order; says what changes before it is asked for. */
export function ModifyForm({
  order,
  onClose,
  limitPrice,
}: {
  readonly order: Order;
  readonly onClose: () => void;
  readonly limitPrice?: string;
}) {
  const instrument = useTopic(desk.instruments).find((row) => row.instrument === order.instrument);
  const fields: readonly Change[] = [
    { key: 'quantity', title: 'Quantity', before: order.orderQty },
    ...(order.limitPrice === null ? [] : [{ key: 'limitPrice', title: 'Limit price', before: order.limitPrice } as const]),
    ...(order.stopPrice === null ? [] : [{ key: 'stopPrice', title: 'Stop price', before: order.stopPrice } as const]),
  ];
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({
    quantity: order.orderQty,
    limitPrice: limitPrice ?? order.limitPrice ?? '',
    stopPrice: order.stopPrice ?? '',
  });
  const stepOf = (key: Change['key']) => (key === 'quantity' ? instrument?.lotSize : instrument?.priceIncrement) ?? '0';
  const isGood = ({ key }: Change) => isPositiveDecimal(texts[key] ?? '') && isMultipleOf(texts[key] ?? '', stepOf(key));
  const changed = fields.filter((field) => isGood(field) && compareDecimals(texts[field.key] ?? '', field.before) !== 0);
  const isReady = fields.every(isGood) && changed.length > 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isReady) return;
    const changes: ModifyOrder = Object.fromEntries(changed.map(({ key }) => [key, texts[key]!]));
    void modifyOrder(order, changes);
    onClose();
  };
  return (
    <form className="modify" onSubmit={submit}>
      <div className="row">
        {fields.map((field) => (
          <div key={field.key} className="field">
            <label htmlFor={`modify-${field.key}`}>{field.title}</label>
            <input
              id={`modify-${field.key}`}
              className="number"
              inputMode="decimal"
              value={texts[field.key]}
              aria-invalid={!isGood(field)}
              onChange={(event) => setTexts({ ...texts, [field.key]: event.target.value.replace(',', '.').trim() })}
            />
            <span className={`field-note ${isGood(field) ? '' : 'refused'}`}>
              {isGood(field) ? `was ${decimalText(field.before)}` : `a multiple of ${stepOf(field.key)}`}
            </span>
          </div>
        ))}
      </div>
      <div className="buttons">
        <button type="button" onClick={onClose}>
          Leave as it is
        </button>
        <button type="submit" disabled={!isReady}>
          Ask to modify
        </button>
      </div>
    </form>
  );
}
