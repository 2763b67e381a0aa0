import { expect, it } from 'vitest';
import type { OrderRequest } from '../../model/order.ts';
import { House, usd, USD, type HouseOptions } from '../orders/orders.fixture.ts';
import { CONTROLS } from './controls/control-table.ts';

/* A limit of a control, as the tests of this folder put it to the test. */

/** One limit: what passes exactly at it, what is one unit beyond, and what the record of the denial says. Everything costs 1.00. */
export interface LimitCase {
  readonly control: string;
  readonly what: string;
  readonly options: HouseOptions;
  readonly prepare?: (house: House) => void;
  readonly at: OrderRequest;
  readonly beyond: OrderRequest;
  readonly code: string;
  readonly figures: readonly [limit: string, observed: string];
}

export const dollars = (amount: number): { readonly amount: bigint; readonly currency: typeof USD } => ({
  amount: usd(amount),
  currency: USD,
});
export const hold =
  (strategy: number, quantity: number) =>
  (house: House): void =>
    house.portfolio.book(strategy, 0, quantity, 100);
export const both =
  (...steps: readonly ((house: House) => void)[]) =>
  (house: House): void =>
    steps.forEach((step) => step(house));
export const open =
  (wish: OrderRequest) =>
  (house: House): void =>
    void house.place(wish);
export const cash =
  (amount: bigint) =>
  (house: House): void => {
    house.portfolio.kind = 'CASH';
    house.portfolio.cash = amount;
  };

/** The tests of one limit. */
export function limitHolds({ options, prepare, at, beyond, code, figures, control }: LimitCase): void {
  const prepared = (): House => {
    const house = new House(options);
    prepare?.(house);
    return house;
  };

  it('passes exactly at the limit', () => {
    expect(prepared().codeOf(at)).toBeNull();
  });

  it('denies one unit beyond, sends nothing, and leaves a record with code, limit and observed value', () => {
    const house = prepared();
    const id = house.place(beyond);
    expect(house.sent(id)).toEqual([]);
    const record = house.events().at(-1);
    expect(record).toMatchObject({ kind: 'OrderDenied', clientOrderId: id, code });
    expect(record?.kind === 'OrderDenied' && record.reason).toContain(`Limit ${figures[0]}, observed ${figures[1]}.`);
    expect(CONTROLS.find((row) => row.id === control)!.codes).toContain(code);
  });
}
