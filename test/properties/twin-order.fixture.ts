import type { Draft, Row } from './scenario.fixture.ts';

/*
 * An order of the twin, and what house and venue tell each other of it. See twin.fixture.ts.
 */

export const FOREVER = Number.MAX_SAFE_INTEGER;

export interface TwinOrder {
  readonly id: number;
  readonly draft: Draft;
  /** As the house knows it. */
  status: string;
  quantity: number;
  /** What the balance must bear of it: an order that is sized at the fill needs nothing before. */
  sized: number;
  filled: number;
  limit: number;
  stop: number;
  isCancelPending: boolean;
  change: { quantity: number; limit: number; stop: number } | null;
  /** As the venue knows it. */
  venue: {
    quantity: number;
    filled: number;
    valueFilled: bigint;
    limit: number;
    stop: number;
    lastTs: number;
    /** Takes part in what happens from here on. */
    sinceTs: number;
    isTriggered: boolean;
    isFirstChance: boolean;
    sitsOut: Row | null;
    isSized: boolean;
    /** On its way while the account was closed by force. */
    isRefused: boolean;
  };
}

export type Command =
  | { readonly kind: 'submit' | 'cancel' | 'judge'; readonly order: TwinOrder }
  | { readonly kind: 'modify'; readonly order: TwinOrder; readonly change: { quantity: number; limit: number; stop: number } };

export interface Report {
  readonly kind: 'accepted' | 'rejected' | 'triggered' | 'fill' | 'canceled' | 'expired' | 'modified' | 'cancelRejected' | 'modifyRejected';
  readonly order: TwinOrder;
  readonly ts: number;
  readonly quantity?: number;
  readonly price?: number;
  readonly commission?: bigint;
  readonly isMaker?: boolean;
  /** The order's whole quantity, where this fill has decided it. */
  readonly finalQuantity?: number | undefined;
  readonly limit?: number;
  readonly stop?: number;
}
