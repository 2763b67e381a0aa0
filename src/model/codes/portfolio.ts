/** What the accounts refuse, and what they book and then point at. */
export const PORTFOLIO_CODES = {
  CONVERSION_RATE_MISSING: {
    meaning: 'An amount in one currency had to be stated in another and no conversion instrument joins the two.',
    fix: 'Add an instrument of the pair (either way round) with data to the run: it is found and used by itself.',
  },
  MARK_PRICE_MISSING: {
    meaning: 'A position or a conversion had to be valued before any price of its instrument was known.',
    fix: 'Start the data of that instrument earlier, or value the account later.',
  },
  WITHDRAWAL_EXCEEDS_FREE: {
    meaning: 'A withdrawal asked for more than is free of margin.',
    fix: 'Withdraw less, or close positions and cancel orders first.',
  },
  SHARES_NOT_TRANSFERABLE: {
    meaning: 'Shares were to be deposited or withdrawn; they enter and leave by fills only, so that their cost is known.',
    fix: 'Deposit money and buy the shares.',
  },
  SPLIT_PRICE_MISSING: {
    meaning: 'A split leaves a fraction of a lot to be paid in cash, and no price is known to pay it at. Nothing was booked.',
    fix: 'Start the data of that instrument before the split.',
  },
  LIQUIDATION_INCOMPLETE: {
    meaning: 'A deficit was to be written off while the account still had open positions.',
    fix: 'Close the positions on the liquidation list first.',
  },
  CASH_BALANCE_NEGATIVE: {
    meaning: 'A fill or charge took a balance of a cash account below zero. It was booked, since fills are facts.',
    fix: 'Deposit what is owed. The simulated venue fills no purchase that the cash does not pay: look for a commission or interest above the balance.',
  },
  POSITION_OVERCLOSED: {
    meaning: 'A fill closed more of a hedged position than there was; the excess was opened on the other side.',
    fix: 'Send reduce-only orders no larger than the position; reconcile with the venue.',
  },
} as const satisfies Record<string, { meaning: string; fix: string }>;

export type PortfolioCode = keyof typeof PORTFOLIO_CODES;
