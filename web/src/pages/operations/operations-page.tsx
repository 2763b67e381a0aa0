import { AuditPanel } from './audit-panel.tsx';
import { ComponentsPanel } from './components-panel.tsx';
import { FeedsPanel } from './feeds-panel.tsx';
import { KeysPanel } from './keys-panel.tsx';
import { LogPanel } from './log-panel.tsx';
import { UsersPanel } from './users-panel.tsx';

export function OperationsPage() {
  return (
    <main className="page operations">
      <ComponentsPanel />
      <FeedsPanel />
      <UsersPanel />
      <KeysPanel />
      <LogPanel />
      <AuditPanel />
    </main>
  );
}
