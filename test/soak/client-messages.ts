import type { DeskAccess } from '../desk-kit.ts';

/** What the process of the clients is told. */
export type ToClients =
  | {
      readonly kind: 'open';
      readonly access: DeskAccess;
      readonly count: number;
      readonly instruments: readonly string[];
      /** `fast` read everything at once; `slow` ones hardly read. */
      readonly pace: 'fast' | 'slow';
    }
  | { readonly kind: 'access'; readonly access: DeskAccess }
  /** Tell what has come since, and begin anew. */
  | { readonly kind: 'take' }
  | { readonly kind: 'close' };

export interface ClientFigures {
  /** Counts of {@link Delays}: from the time of the fill to its receipt. */
  readonly delays: readonly number[];
  readonly holes: number;
  readonly messages: number;
  readonly bytes: number;
  /** By code: connections that were closed by the other side. */
  readonly closes: Readonly<Record<number, number>>;
  readonly open: number;
}

export type FromClients =
  | { readonly kind: 'opened' }
  | { readonly kind: 'figures'; readonly figures: ClientFigures }
  | { readonly kind: 'closed' }
  | { readonly kind: 'failed'; readonly reason: string };
