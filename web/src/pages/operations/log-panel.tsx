import { useMemo, useRef, useState } from 'react';
import type { LogLineInfo } from '../../../../src/contract/api/operations.ts';
import { momentText } from '../../numbers/time-text.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';
import { Segmented } from '../../parts/segmented.tsx';
import { desk } from '../../state/desk.ts';
import { serverNow } from '../../state/now.ts';
import { useTopic } from '../../state/topic.ts';

interface LogRow {
  readonly key: string;
  readonly ts: number;
  readonly level: LogLineInfo['level'] | 'alert';
  readonly source: string;
  readonly message: string;
}

const LEVEL_CLASSES = { info: 'muted', warn: 'warning-text', alert: 'danger-text' } as const;

const COLUMNS: readonly Column<LogRow>[] = [
  { id: 'time', title: 'Time', cell: (row) => momentText(row.ts, serverNow()) },
  { id: 'level', title: 'Level', cell: (row) => <span className={LEVEL_CLASSES[row.level]}>{row.level}</span> },
  { id: 'source', title: 'Source', isMinor: true, cell: (row) => row.source },
  { id: 'message', title: 'Message', isWide: true, cell: (row) => <span title={row.message}>{row.message}</span> },
];

const LEVELS = [
  ['all', 'All'],
  ['warn', 'Warnings'],
  ['alert', 'Alerts'],
] as const;

function keyOf(row: LogRow): string {
  return row.key;
}

/** What strategies wrote, what was missing, denied and alerted, the newest first; stands still while it is not followed. */
export function LogPanel() {
  const log = useTopic(desk.log);
  const alerts = useTopic(desk.alerts);
  const denials = useTopic(desk.denials);
  const [words, setWords] = useState('');
  const [level, setLevel] = useState<(typeof LEVELS)[number][0]>('all');
  const [isFollowed, setFollowed] = useState(true);
  const held = useRef<readonly LogRow[]>([]);
  const all = useMemo(() => {
    const lines = log.map(
      (line): LogRow => ({
        key: `l${line.sequence}`,
        ts: line.tsInit,
        level: line.level,
        source: line.strategy ?? 'engine',
        message: line.message,
      }),
    );
    const alerted = alerts.map(
      (alert): LogRow => ({ key: `a${alert.sequence}`, ts: alert.tsInit, level: 'alert', source: alert.code, message: alert.message }),
    );
    const denied = denials.map(
      ({ sequence, tsInit, strategy, clientOrderId, denial }): LogRow => ({
        key: `d${sequence}`,
        ts: tsInit,
        level: 'warn',
        source: strategy ?? 'engine',
        message: `${clientOrderId} denied: ${denial.reason} [${denial.code}]`,
      }),
    );
    return [...lines, ...alerted, ...denied].sort((a, b) => b.ts - a.ts);
  }, [log, alerts, denials]);
  if (isFollowed) held.current = all;
  const wanted = words.toLowerCase();
  const shown = held.current.filter(
    (row) =>
      (level === 'all' || row.level === 'alert' || (level === 'warn' && row.level === 'warn')) &&
      `${row.source} ${row.message}`.toLowerCase().includes(wanted),
  );
  return (
    <Panel
      title="Log"
      note={isFollowed ? 'live' : `${all.length - held.current.length} newer`}
      className="log"
      controls={
        <>
          <input
            className="filter"
            aria-label="Filter the log"
            placeholder="Filter"
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
          <Segmented label="Levels" options={LEVELS} value={level} onChange={setLevel} />
          <button type="button" aria-pressed={isFollowed} onClick={() => setFollowed(!isFollowed)}>
            {isFollowed ? 'Hold' : 'Follow'}
          </button>
        </>
      }
    >
      <DataTable
        name="Log"
        rows={shown}
        keyOf={keyOf}
        columns={COLUMNS}
        empty={<Empty title={all.length === 0 ? 'Nothing was written yet.' : 'No line is like that.'} />}
      />
    </Panel>
  );
}
