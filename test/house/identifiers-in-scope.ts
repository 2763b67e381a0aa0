/**
 * Invariants (INV), scenarios (S) and risk controls (C) that must have a test today. A part that brings one in adds its line here;
 * docs/reference/invariants.md shows which tests carry the id in their name.
 */
export const IDENTIFIERS_IN_SCOPE: Readonly<Record<string, string>> = {
  'INV-02':
    'Per currency, cash, reserves, realized results, fees and funding add up to what was deposited less what was withdrawn, exactly.',
  'INV-03': 'A position is the signed sum of its fills, and its average price follows from them.',
  'INV-05': 'While an order is open, filled and left quantity add up to the order; nothing is left once it has ended.',
  'INV-06': 'The filled quantity of an order never falls without a correction that names the execution.',
  'INV-07': 'Orders move along the permitted graph only; an ended order never reopens.',
  'INV-08': 'The worst case of position and everything in flight stays within the limit.',
  'INV-12': 'The sequence numbers of the journal have no gap, every record has its checksum, and the chain of hashes verifies.',
  'INV-13': 'After the kill switch nothing that increases risk is sent, and every open order has a cancel attempted.',
  'INV-15': 'The same seed gives the same digest, twice and with another block size.',
  'S-01': 'A fill arrives before the acknowledgement.',
  'S-02': 'An order fills completely before the acknowledgement.',
  'S-03': 'The same execution report arrives twice.',
  'S-06': 'Reports arrive out of order.',
  'S-08': 'A fill arrives after the cancel was confirmed.',
  'S-09': 'The cancel comes too late and the order fills.',
  'S-26': 'A fill happens while an accepted replacement is on its way.',
  'S-27': 'A replacement asks for less than is filled already.',
  'S-28': 'A replacement is rejected.',
  'C-03': 'Largest quantity of one order.',
  'C-04': 'Largest value of one order.',
  'C-05': 'Smallest quantity and value, price and quantity increments.',
  'C-10': 'No client order id is used twice.',
  'C-12': 'Position limit, long and short.',
  'C-13': 'Exposure limit, counting open orders at their worst.',
  'C-14': 'Free balance and margin.',
  'C-21': 'Stale or missing market data.',
  'C-17': 'Number of open orders and positions.',
  'C-25': 'Kill switch.',
  'C-26': 'Reduce-only mode of trading.',
  'C-28': 'Reduce-only orders, counting the others that are open.',
};
