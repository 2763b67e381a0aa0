import { type KeyboardEvent, memo, type ReactNode, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { changeSettings, settings } from '../state/settings.ts';
import { useTopic } from '../state/topic.ts';

export interface Column<T> {
  readonly id: string;
  readonly title: ReactNode;
  readonly unit?: string;
  readonly isNumber?: boolean;
  /** Left out where there is little room. */
  readonly isMinor?: boolean;
  /** What is done about the row: stays in sight where there is little room. */
  readonly isAct?: boolean;
  /** Shown only where there is much room. */
  readonly isRoomy?: boolean;
  /** Takes what room is left, and is cut with dots. */
  readonly isWide?: boolean;
  readonly cell: (row: T) => ReactNode;
  /** What rows are sorted by; a column without it cannot be sorted. */
  readonly by?: (row: T) => number | string;
}

interface DataTableProps<T> {
  /** Names the table for people and for what is remembered of it. */
  readonly name: string;
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly columns: readonly Column<T>[];
  readonly empty: ReactNode;
  readonly onOpen?: (row: T) => void;
  readonly chosen?: string;
  readonly classOf?: (row: T) => string;
}

const ROW_HEIGHT = 24;
const HEAD_HEIGHT = 24;
/** Tables longer than this draw only what is in sight. */
const WHOLE_ROWS_MAX = 120;
const ROWS_AROUND = 12;

function columnClass<T>({ isNumber, isMinor, isWide, isAct, isRoomy }: Column<T>): string {
  return [isNumber ? 'number' : '', isMinor ? 'minor' : '', isWide ? 'wide' : '', isAct ? 'act' : '', isRoomy ? 'roomy' : '']
    .filter((name) => name !== '')
    .join(' ');
}

interface RowProps<T> {
  readonly row: T;
  readonly id: string;
  readonly columns: readonly Column<T>[];
  readonly extraClass: string;
  readonly isChosen: boolean;
  readonly isReached: boolean;
  readonly onOpen: ((row: T) => void) | undefined;
}

function TableRow<T>({ row, id, columns, extraClass, isChosen, isReached, onOpen }: RowProps<T>) {
  return (
    <tr
      data-key={id}
      className={`${extraClass} ${onOpen === undefined ? '' : 'opens'}`}
      aria-selected={isChosen}
      tabIndex={isReached ? 0 : -1}
      onClick={onOpen === undefined ? undefined : () => onOpen(row)}
    >
      {columns.map((column) => (
        <td key={column.id} className={columnClass(column)}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

const MemoRow = memo(TableRow) as typeof TableRow;

function sortedRows<T>(rows: readonly T[], columns: readonly Column<T>[], sort: string): readonly T[] {
  const [id, direction] = sort.split(':');
  const by = columns.find((column) => column.id === id)?.by;
  if (by === undefined) return rows;
  const sign = direction === 'down' ? -1 : 1;
  const keyed = rows.map((row) => ({ row, key: by(row) }));
  keyed.sort((a, b) => (a.key < b.key ? -sign : a.key > b.key ? sign : 0));
  return keyed.map(({ row }) => row);
}

function ariaSort(sort: string, id: string): 'ascending' | 'descending' | undefined {
  if (!sort.startsWith(`${id}:`)) return undefined;
  return sort.endsWith('down') ? 'descending' : 'ascending';
}

/** A table that sorts by its heads, opens rows by click or Enter, moves by arrows, and stays quick with thousands of rows. */
export function DataTable<T>({ name, rows, keyOf, columns, empty, onOpen, chosen, classOf }: DataTableProps<T>) {
  const sort = useTopic(settings).sorts[name] ?? '';
  const sorted = useMemo(() => sortedRows(rows, columns, sort), [rows, columns, sort]);
  const scroller = useRef<HTMLDivElement>(null);
  const [sight, setSight] = useState({ first: 0, count: 60 });
  const [reached, setReached] = useState('');
  const isWhole = sorted.length <= WHOLE_ROWS_MAX;
  const first = isWhole ? 0 : Math.max(0, Math.min(sight.first, sorted.length - sight.count) - ROWS_AROUND);
  const shown = isWhole ? sorted : sorted.slice(first, first + sight.count + 2 * ROWS_AROUND);

  const look = () => {
    const element = scroller.current;
    if (element === null) return;
    const next = { first: Math.floor(element.scrollTop / ROW_HEIGHT), count: Math.ceil(element.clientHeight / ROW_HEIGHT) + 1 };
    setSight((old) => (old.first === next.first && old.count === next.count ? old : next));
  };
  useLayoutEffect(look, []);

  const turn = (id: string) => {
    const next = sort === `${id}:down` ? `${id}:up` : sort === `${id}:up` ? '' : `${id}:down`;
    changeSettings({ sorts: { ...settings.get().sorts, [name]: next } });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = Math.max(
      0,
      sorted.findIndex((row) => keyOf(row) === reached),
    );
    const page = Math.max(1, sight.count - 3);
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -sorted.length,
      End: sorted.length,
    };
    const target = event.target as HTMLElement;
    if (!target.matches('tr')) return;
    if (event.key === 'Enter' && onOpen !== undefined && sorted[at] !== undefined) onOpen(sorted[at]);
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(sorted.length - 1, at + step));
    const key = keyOf(sorted[next]!);
    setReached(key);
    const element = scroller.current!;
    const top = next * ROW_HEIGHT;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + ROW_HEIGHT + HEAD_HEIGHT > element.scrollTop + element.clientHeight)
      element.scrollTop = top + ROW_HEIGHT + HEAD_HEIGHT - element.clientHeight;
    requestAnimationFrame(() => element.querySelector<HTMLElement>(`tr[data-key="${CSS.escape(key)}"]`)?.focus());
  };
  if (rows.length === 0) return <>{empty}</>;
  const reachedKey = sorted.some((row) => keyOf(row) === reached) ? reached : keyOf(sorted[0]!);
  return (
    <div className="scroller" ref={scroller} onScroll={isWhole ? undefined : look}>
      <table aria-label={name} aria-rowcount={sorted.length} onKeyDown={onKeyDown}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.id} scope="col" className={columnClass(column)} aria-sort={ariaSort(sort, column.id)}>
                {column.by === undefined ? (
                  column.title
                ) : (
                  <button type="button" onClick={() => turn(column.id)}>
                    {column.title}
                  </button>
                )}
                {column.unit === undefined ? null : <span className="unit"> {column.unit}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {first > 0 ? <tr className="room" style={{ height: first * ROW_HEIGHT }} /> : null}
          {shown.map((row) => {
            const key = keyOf(row);
            return (
              <MemoRow
                key={key}
                id={key}
                row={row}
                columns={columns}
                extraClass={classOf?.(row) ?? ''}
                isChosen={key === chosen}
                isReached={key === reachedKey}
                onOpen={onOpen}
              />
            );
          })}
          {first + shown.length < sorted.length ? (
            <tr className="room" style={{ height: (sorted.length - first - shown.length) * ROW_HEIGHT }} />
          ) : null}
        </tbody>
      </table>
    </div>
  );
}
