import { Dialog } from '../../parts/overlay.tsx';
import { desk } from '../../state/desk.ts';
import { useTopic } from '../../state/topic.ts';
import { PasswordSection } from './password-section.tsx';
import { SecondFactorSection } from './second-factor-section.tsx';
import { SessionsSection } from './sessions-section.tsx';

/** One's own password, second factor and sessions. */
export function AccountDialog({ onClose }: { readonly onClose: () => void }) {
  const me = useTopic(desk.me);
  return (
    <Dialog title={`Account of ${me?.userName ?? ''}, ${me?.role ?? ''}`} onClose={onClose} className="account">
      <div className="dialog-body">
        <SecondFactorSection />
        <PasswordSection />
        <SessionsSection />
      </div>
    </Dialog>
  );
}
