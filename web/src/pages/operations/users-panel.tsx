import { useState } from 'react';
import type { UserInfo, UserList } from '../../../../src/contract/api/access.ts';
import { ACCESS_PATHS } from '../../api/access.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';
import { desk } from '../../state/desk.ts';
import { useQuery } from '../../state/page-query.ts';
import { useTopic } from '../../state/topic.ts';
import { NewUserDialog, UserDialog } from './user-dialogs.tsx';

const COLUMNS: readonly Column<UserInfo>[] = [
  { id: 'name', title: 'User', isWide: true, cell: (row) => row.name, by: (row) => row.name },
  { id: 'role', title: 'Role', cell: (row) => row.role, by: (row) => row.role },
  { id: 'state', title: 'State', cell: (row) => (row.isDisabled ? 'disabled' : row.mustChangePassword ? 'one-time password' : 'active') },
  {
    id: 'factor',
    title: 'Second factor',
    isMinor: true,
    cell: (row) => <span className={row.hasSecondFactor ? '' : 'warning-text'}>{row.hasSecondFactor ? 'yes' : 'none'}</span>,
  },
];

function keyOf(row: UserInfo): string {
  return row.userId;
}

/** Who may be here. A row opens what can be done about its user. */
export function UsersPanel() {
  const isPermitted = useTopic(desk.me)?.rights.includes('users:read') === true;
  const [version, setVersion] = useState(0);
  const [open, setOpen] = useState<UserInfo | 'new' | null>(null);
  const { value, refusal } = useQuery<UserList>(isPermitted ? ACCESS_PATHS.users : null, version);
  const close = () => {
    setOpen(null);
    setVersion((old) => old + 1);
  };
  return (
    <Panel
      title="Users"
      className="users"
      controls={
        <button type="button" disabled={!isPermitted} onClick={() => setOpen('new')}>
          New user…
        </button>
      }
    >
      {isPermitted ? (
        <DataTable
          name="Users"
          rows={value?.items ?? []}
          keyOf={keyOf}
          columns={COLUMNS}
          onOpen={setOpen}
          empty={<Empty title={refusal === null ? 'Nobody is here.' : refusal.message} />}
        />
      ) : (
        <Empty title="Your role does not include users." next="An admin sees and manages them." />
      )}
      {open === 'new' ? <NewUserDialog onClose={close} /> : null}
      {open !== null && open !== 'new' ? <UserDialog user={open} onClose={close} /> : null}
    </Panel>
  );
}
