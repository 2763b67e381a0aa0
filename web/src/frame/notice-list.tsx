import { dropNotice, notices } from '../state/notices.ts';
import { useTopic } from '../state/topic.ts';

/** What was asked for, and what became of it. */
export function NoticeList() {
  const list = useTopic(notices);
  return (
    <div className="notices" role="log" aria-live="polite">
      {list.map(({ id, status, title, detail }) => (
        <div key={id} className={`notice ${status}`}>
          <strong>{title}</strong>
          <button type="button" className="icon-button" aria-label="Dismiss" onClick={() => dropNotice(id)}>
            ×
          </button>
          <p>{detail}</p>
        </div>
      ))}
    </div>
  );
}
