import type { Static } from '@sinclair/typebox';
import { useMemo, useState } from 'react';
import type { RunPage } from '../../../../src/contract/api/operations.ts';
import { PATHS } from '../../api/paths.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';
import { desk } from '../../state/desk.ts';
import { useQuery } from '../../state/page-query.ts';
import { goTo, route } from '../../state/route.ts';
import { useTopic } from '../../state/topic.ts';
import { COMPARED_MAX, ComparePanel } from './compare-panel.tsx';
import { runColumns, runKey } from './run-columns.tsx';
import { RunDrawer } from './run-drawer.tsx';

function open({ run }: { readonly run: string }): void {
  goTo('research', run);
}

/** Runs that were made on this machine, their reports, and some of them side by side. */
export function ResearchPage() {
  const { subject } = useTopic(route);
  const { state } = useTopic(desk.link);
  const { value, refusal } = useQuery<Static<typeof RunPage>>(`${PATHS.runs}?limit=500`, state === 'live');
  const [compared, setCompared] = useState<readonly string[]>([]);
  const runs = value?.items ?? [];
  const chosen = runs.find((run) => run.run === subject);
  const beside = compared.flatMap((id) => runs.filter((run) => run.run === id));
  const columns = useMemo(
    () =>
      runColumns(compared, compared.length >= COMPARED_MAX, (run) =>
        setCompared((ids) => (ids.includes(run) ? ids.filter((id) => id !== run) : [...ids, run])),
      ),
    [compared],
  );
  return (
    <main className={`page research ${beside.length > 1 ? 'comparing' : ''}`}>
      <Panel title="Runs" note={`${runs.length} kept; tick up to ${COMPARED_MAX} to compare them`} className="runs">
        {refusal === null ? null : <p className="refusal">{refusal.message}</p>}
        <DataTable
          name="Runs"
          rows={runs}
          keyOf={runKey}
          columns={columns}
          onOpen={open}
          chosen={subject}
          empty={
            value === null && refusal === null ? (
              <Empty title="Fetching the runs…" />
            ) : (
              <Empty title="No run is kept yet." next="quanthybrid backtest RUN.yaml --keep makes one, with a report." />
            )
          }
        />
      </Panel>
      {beside.length > 1 ? <ComparePanel runs={beside} /> : null}
      {chosen === undefined ? null : <RunDrawer run={chosen} onClose={() => goTo('research')} />}
    </main>
  );
}
