import type { Static } from '@sinclair/typebox';
import { useState } from 'react';
import type { AuditInfo, AuditPage } from '../../../../src/contract/api/operations.ts';
import { PATHS } from '../../api/paths.ts';
import { momentText } from '../../numbers/time-text.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';
import { desk } from '../../state/desk.ts';
import { serverNow } from '../../state/now.ts';
import { useQuery } from '../../state/page-query.ts';
import { useTopic } from '../../state/topic.ts';

/** Ids are drawn by chance and long: their beginnings tell them apart, and pointing at one shows it whole. */
function ShortIds({ text, className }: { readonly text: string; readonly className?: string }) {
  const short = text.replace(/\b([0-9a-f]{8})-?[0-9a-f-]{23,27}\b/g, '$1…');
  return (
    <span className={className} title={short === text ? undefined : text}>
      {short}
    </span>
  );
}

const COLUMNS: readonly Column<AuditInfo>[] = [
  { id: 'time', title: 'Time', cell: (row) => momentText(row.ts, serverNow()) },
  { id: 'actor', title: 'Who', cell: (row) => <ShortIds text={row.actor} /> },
  { id: 'action', title: 'Did', cell: (row) => <span className="code">{row.action}</span> },
  { id: 'subject', title: 'To', isMinor: true, cell: (row) => <ShortIds text={row.subject} /> },
  {
    id: 'change',
    title: 'Change',
    isWide: true,
    isMinor: true,
    cell: (row) => <ShortIds className="muted" text={[row.before, row.after].filter((text) => text !== '').join(' → ')} />,
  },
  { id: 'address', title: 'From', isMinor: true, cell: (row) => <span className="muted">{row.address}</span> },
];

function keyOf(row: AuditInfo): string {
  return String(row.sequence);
}

/** Who did what; each record is chained to the one before it. */
export function AuditPanel() {
  const isPermitted = useTopic(desk.me)?.rights.includes('audit:read') === true;
  const [version, setVersion] = useState(0);
  const { value, refusal } = useQuery<Static<typeof AuditPage>>(isPermitted ? `${PATHS.audit}?limit=200` : null, version);
  return (
    <Panel
      title="Audit"
      note="each record is chained to the one before"
      className="audit"
      controls={
        <button type="button" disabled={!isPermitted} onClick={() => setVersion(version + 1)}>
          Refresh
        </button>
      }
    >
      {isPermitted ? (
        <DataTable
          name="Audit"
          rows={value?.items ?? []}
          keyOf={keyOf}
          columns={COLUMNS}
          empty={<Empty title={refusal === null ? 'Nothing has been recorded.' : refusal.message} />}
        />
      ) : (
        <Empty title="Your role does not include the audit log." next="An admin or a risk officer sees it." />
      )}
    </Panel>
  );
}
