import { join } from 'node:path';
import { BlockKind, kindName } from '../../../model/blocks.ts';
import { DAY_US } from '../../../model/civil-date.ts';
import type { Instrument } from '../../../model/instrument.ts';
import { ZoneClock } from '../../../ports/zone-clock.ts';
import type { TimeRange } from '../csv-format.ts';
import { inputError } from '../input-problem.ts';
import { isQuoted, type LeanDayFile, leanDayFiles, leanZone, type LeanSecurity } from '../lean-reader.ts';
import { type RecordDecoder, RecordingReader } from './recording-reader.ts';
import type { RecordedKind, RowBuffer } from './row-buffer.ts';
import { TableChoice } from './table-choice.ts';
import { TableScanner } from './table-scanner.ts';

/** Options of {@link openLeanTicks}: which ticks of a LEAN data folder, `root/security/market/tick/symbol/yyyyMMdd_(trade|quote).zip`. */
export interface OpenLeanTicksOptions {
  /** The folder that holds `equity`, `forex` and so on. */
  readonly root: string;
  readonly security: LeanSecurity;
  /** `usa`, `oanda`, `fxcm`, … */
  readonly market: string;
  readonly symbol: string;
  /** First and last date, yyyyMMdd, both included. */
  readonly fromDate?: string;
  readonly toDate?: string;
  readonly kind: RecordedKind;
  readonly instrument: Instrument;
  /** Trades of equities: the code of the one exchange whose trades are read. */
  readonly exchange?: string;
  /** Equities: `keep` reads rows that the file marks as suspicious; default is to leave them out and count them as filtered. */
  readonly suspicious?: 'keep' | 'filter';
  /** Zone of the times in the files; default the one that LEAN documents for the market, where known. */
  readonly zone?: string;
  readonly rowsPerBlock?: number;
  readonly range?: TimeRange;
}

/** Decimals of the integer prices of equities. */
const EQUITY_PRICE_SCALE = 4;
/** Times are milliseconds with up to four decimals, as .NET counts time: 100 ns. */
const TIME_DECIMALS = 4;
const TICKS_PER_US = 10;
/** The letters of the flag that marks a row as suspicious. */
const ONE = 49;
const ZERO = 48;

/** Columns by LEAN's layouts; rows of equities may end before the exchange. Source: QuantConnect/Lean, Common/Data/Market/Tick.cs */
const LAYOUTS = {
  trade: ['time', 'price', 'quantity', 'exchange', 'condition', 'suspicious'],
  quote: ['time', 'bidPrice', 'bidSize', 'askPrice', 'askSize', 'exchange', 'condition', 'suspicious'],
  pair: ['time', 'bidPrice', 'askPrice'],
} as const;
/** Where the columns of each layout stand. */
const TIME = 0;
const TRADE = { price: 1, quantity: 2, exchange: 3, suspicious: 5 } as const;
const QUOTE = { bidPrice: 1, bidSize: 2, askPrice: 3, askSize: 4, suspicious: 7 } as const;
const PAIR = { bidPrice: 1, askPrice: 2 } as const;
/** Columns that rows of equities have before those of the exchange. */
const PLAIN_WIDTH = { trade: 3, quote: 5, pair: 3 } as const;

/**
 * Opens ticks of a LEAN data folder: trades and quotes of equities, quotes of forex and CFDs.
 *
 * Quotes of equities are the national best bid and offer already: each change of it is a row of the bid and a row of the ask with one time, and
 * their codes name the exchanges that have the best price. A quote is told when any of its four values changes. Exchanges are not synchronous,
 * so some are crossed; they are told as they are.
 *
 * @throws InputError `KIND_UNSUPPORTED`, `FORMAT_INVALID`, `SYMBOL_UNKNOWN`, `FILE_MISSING`, `ZONE_MISSING`, `ZONE_UNKNOWN` here; the rest from
 * `next()`
 */
export function openLeanTicks(options: OpenLeanTicksOptions): RecordingReader {
  const folder = folderOf(options);
  const layout = layoutOf(folder, options);
  if (layout !== 'trade' && options.exchange !== undefined) {
    throw inputError('FORMAT_INVALID', {
      file: folder,
      value: options.exchange,
      rule: 'An exchange is chosen for trades only: quotes name it where it has the best price, and what it shows otherwise is not in the file.',
      fix: 'Take exchange out.',
    });
  }
  const files = leanTickFiles(options);
  const table = new TableScanner(
    files.map(({ open }) => open),
    options.instrument,
  );
  return new RecordingReader(table, new LeanTickDecoder(table, options, files, layout), options);
}

type LeanTickStream = Pick<OpenLeanTicksOptions, 'root' | 'security' | 'market' | 'symbol' | 'kind' | 'fromDate' | 'toDate'>;

/**
 * The files that are read, in order of date.
 *
 * @throws InputError `KIND_UNSUPPORTED`, `SYMBOL_UNKNOWN`, `FILE_UNREADABLE`, `FILE_MISSING`
 */
export function leanTickFiles(stream: LeanTickStream): readonly LeanDayFile[] {
  const { symbol, fromDate, toDate } = stream;
  const folder = folderOf(stream);
  const days = { folder, symbol, ...(fromDate === undefined ? {} : { fromDate }), ...(toDate === undefined ? {} : { toDate }) };
  return leanDayFiles(days, layoutOf(folder, stream) === 'trade' ? 'trade' : 'quote');
}

function folderOf({ root, security, market }: LeanTickStream): string {
  return join(root, security, market, 'tick');
}

function layoutOf(file: string, { security, kind }: LeanTickStream): keyof typeof LAYOUTS {
  if (security === 'equity' && kind === BlockKind.TRADES) return 'trade';
  if (security === 'equity' && kind === BlockKind.QUOTES) return 'quote';
  if (isQuoted(security) && kind === BlockKind.QUOTES) return 'pair';
  throw inputError('KIND_UNSUPPORTED', {
    file,
    value: kindName(kind),
    rule: 'Of LEAN ticks trades and quotes of equities are read, and quotes of forex and cfd.',
    fix: 'Correct security or the kind.',
  });
}

class LeanTickDecoder implements RecordDecoder {
  private readonly table: TableScanner;
  private readonly files: readonly LeanDayFile[];
  private readonly layout: keyof typeof LAYOUTS;
  private readonly clock: ZoneClock;
  private readonly priceDecimals: number;
  private readonly quantityDecimals: number;
  private readonly exchange: TableChoice | null;
  private readonly keepsSuspicious: boolean;
  /** Columns of the rows of the file at hand; 0 before the first. */
  private width = 0;
  private isPending = false;
  private bidPrice = 0;
  private bidSize = 0;
  private askPrice = 0;
  private askSize = 0;

  constructor(table: TableScanner, options: OpenLeanTicksOptions, files: readonly LeanDayFile[], layout: keyof typeof LAYOUTS) {
    const { security, market, zone = leanZone(security, market), instrument, exchange, suspicious } = options;
    this.table = table;
    this.files = files;
    this.layout = layout;
    this.clock = new ZoneClock(zone);
    this.priceDecimals = instrument.priceDecimals - (security === 'equity' ? EQUITY_PRICE_SCALE : 0);
    this.quantityDecimals = instrument.quantityDecimals;
    this.exchange = exchange === undefined ? null : new TableChoice('exchange', exchange);
    this.keepsSuspicious = suspicious === 'keep';
  }

  decode(rows: RowBuffer): boolean {
    const table = this.table;
    if (this.isPending) this.isPending = false;
    else {
      while (!table.nextRow(this.width)) {
        if (table.fileIndex >= 0 && this.width === 0) throw inputError('FILE_EMPTY', { file: table.file });
        if (!table.startFile()) {
          this.exchange?.finish(table.file);
          return false;
        }
        this.startFile();
      }
    }
    if (this.width === 0) this.measure();
    table.beginRecord();
    const ts = this.time();
    rows.startEvent({ tsEvent: ts, tsInit: ts });
    if (this.layout === 'trade') this.trade(rows);
    else if (this.layout === 'quote') this.quote(rows, ts);
    else rows.addQuote(table.positive(PAIR.bidPrice, this.priceDecimals), table.positive(PAIR.askPrice, this.priceDecimals), 0, 0);
    return true;
  }

  private startFile(): void {
    this.width = 0;
    this.table.columns = LAYOUTS[this.layout];
    // Quotes end with their day.
    this.bidPrice = 0;
    this.bidSize = 0;
    this.askPrice = 0;
    this.askSize = 0;
  }

  /** The first row of a file tells how wide its rows are. */
  private measure(): void {
    const { width, line, file } = this.table;
    const whole = LAYOUTS[this.layout].length;
    const plain = PLAIN_WIDTH[this.layout];
    if (width !== whole && width !== plain) {
      throw inputError(width < whole ? 'ROW_SHORT' : 'ROW_LONG', {
        file,
        line,
        rule: `The row has ${width} columns where LEAN has ${plain === whole ? whole : `${plain} or ${whole}`}: ${LAYOUTS[this.layout].join(', ')}.`,
        fix: 'Check that the file is of this kind; repair the row.',
      });
    }
    if (this.exchange !== null && width !== whole) {
      throw inputError('SYMBOL_UNKNOWN', { file, line, column: 'exchange', rule: 'The rows name no exchange.', fix: 'Take exchange out.' });
    }
    this.width = width;
  }

  private time(): number {
    const table = this.table;
    const sinceMidnight = Math.floor(table.time(TIME, TIME_DECIMALS) / TICKS_PER_US);
    if (sinceMidnight >= DAY_US) {
      const rule = 'The time is a count of milliseconds since midnight, below 86400000.';
      throw table.problem('TIME_OUT_OF_RANGE', TIME, rule, 'Repair the row, or take it out.');
    }
    return this.clock.localToUtcUs(this.files[table.fileIndex]!.dateUs + sinceMidnight);
  }

  private trade(rows: RowBuffer): void {
    const table = this.table;
    const price = table.positive(TRADE.price, this.priceDecimals);
    const quantity = table.positive(TRADE.quantity, this.quantityDecimals);
    const isOther = this.exchange !== null && !this.exchange.isChosen(table, TRADE.exchange);
    if (this.isSuspicious(TRADE.suspicious) || isOther) rows.countFiltered();
    else rows.addTrade(price, quantity, 0);
  }

  /** A row of the bid and the row of the ask that follows it at the same time are one change. */
  private quote(rows: RowBuffer, ts: number): void {
    const table = this.table;
    const bidPrice = this.bidPrice;
    const bidSize = this.bidSize;
    const askPrice = this.askPrice;
    const askSize = this.askSize;
    if (this.takeSides(rows) && table.nextRow(this.width)) {
      if (this.time() === ts && this.isOfAskOnly()) this.takeSides(rows);
      else this.isPending = true;
    }
    const isSameBid = this.bidPrice === bidPrice && this.bidSize === bidSize;
    if (isSameBid && this.askPrice === askPrice && this.askSize === askSize) return;
    rows.addQuote(this.bidPrice, this.askPrice, this.bidSize, this.askSize);
  }

  private isOfAskOnly(): boolean {
    return this.table.count(QUOTE.bidPrice, this.priceDecimals) === 0 && this.table.count(QUOTE.bidSize, this.quantityDecimals) === 0;
  }

  /**
   * Takes what the row at hand says. A side is spoken of where it has a price or a size; with one of them 0 it has ended, and a row without any
   * ends both. Source: `Tick.IsValid` of LEAN, where a side without a price or a size is none.
   *
   * @returns whether the row is of the bid alone
   */
  private takeSides(rows: RowBuffer): boolean {
    const table = this.table;
    const bidPrice = table.count(QUOTE.bidPrice, this.priceDecimals);
    const bidSize = table.count(QUOTE.bidSize, this.quantityDecimals);
    const askPrice = table.count(QUOTE.askPrice, this.priceDecimals);
    const askSize = table.count(QUOTE.askSize, this.quantityDecimals);
    const hasBid = bidPrice !== 0 || bidSize !== 0;
    const hasAsk = askPrice !== 0 || askSize !== 0;
    if (this.isSuspicious(QUOTE.suspicious)) rows.countFiltered();
    else {
      if (hasBid || !hasAsk) {
        this.bidPrice = bidSize === 0 ? 0 : bidPrice;
        this.bidSize = bidPrice === 0 ? 0 : bidSize;
      }
      if (hasAsk || !hasBid) {
        this.askPrice = askSize === 0 ? 0 : askPrice;
        this.askSize = askPrice === 0 ? 0 : askSize;
      }
    }
    return hasBid && !hasAsk;
  }

  private isSuspicious(column: number): boolean {
    if (column >= this.width) return false;
    const letter = this.table.letter(column);
    if (letter === ONE) return !this.keepsSuspicious;
    if (letter !== ZERO) throw this.table.problem('RECORD_DAMAGED', column, 'The flag is neither 0 nor 1.');
    return false;
  }
}
