import { useState } from 'react';
import type { ApiKeyInfo, ApiKeyList } from '../../../../src/contract/api/access.ts';
import { ACCESS_PATHS, revokeKey } from '../../api/access.ts';
import { momentText } from '../../numbers/time-text.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';
import { serverNow } from '../../state/now.ts';
import { useQuery } from '../../state/page-query.ts';
import { NewKeyDialog } from './new-key-dialog.tsx';

function columns(onRevoke: (key: ApiKeyInfo) => void): readonly Column<ApiKeyInfo>[] {
  return [
    { id: 'label', title: 'Key', isWide: true, cell: (row) => <span title={row.keyId}>{row.label}</span>, by: (row) => row.label },
    { id: 'scopes', title: 'Scopes', cell: (row) => row.scopes.join(', ') },
    { id: 'end', title: 'Until', cell: (row) => (row.isRevoked ? 'revoked' : momentText(row.tsEnd, serverNow())), by: (row) => row.tsEnd },
    { id: 'used', title: 'Last used', isRoomy: true, cell: (row) => (row.tsUsed === null ? 'never' : momentText(row.tsUsed, serverNow())) },
    {
      id: 'act',
      title: '',
      isAct: true,
      cell: (row) =>
        row.isRevoked ? null : (
          <button type="button" aria-label={`Revoke ${row.label}`} onClick={() => onRevoke(row)}>
            Revoke
          </button>
        ),
    },
  ];
}

function keyOf(row: ApiKeyInfo): string {
  return row.keyId;
}

/** API keys of one's own. */
export function KeysPanel() {
  const [version, setVersion] = useState(0);
  const [isMaking, setMaking] = useState(false);
  const [refused, setRefused] = useState('');
  const { value, refusal } = useQuery<ApiKeyList>(ACCESS_PATHS.keys, version);
  const again = () => setVersion((old) => old + 1);
  const revoke = async (key: ApiKeyInfo) => {
    const answer = await revokeKey(key);
    setRefused(answer.ok ? '' : answer.message);
    again();
  };
  const problem = refused || (refusal?.message ?? '');
  return (
    <Panel
      title="Your API keys"
      className="api-keys"
      controls={
        <button type="button" onClick={() => setMaking(true)}>
          New key…
        </button>
      }
    >
      {problem === '' ? null : <p className="refusal">{problem}</p>}
      <DataTable
        name="API keys"
        rows={value?.items ?? []}
        keyOf={keyOf}
        columns={columns((key) => void revoke(key))}
        empty={<Empty title="You have no API keys." next="A program signs in with one." />}
      />
      {isMaking ? (
        <NewKeyDialog
          onClose={() => {
            setMaking(false);
            again();
          }}
        />
      ) : null}
    </Panel>
  );
}
