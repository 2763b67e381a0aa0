import { type ReactNode, useId } from 'react';

interface PanelProps {
  readonly title: string;
  /** Beside the title: what it counts, or a note. */
  readonly note?: ReactNode;
  readonly controls?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A titled part of a page, with at most one line of controls. */
export function Panel({ title, note, controls, className = '', children }: PanelProps) {
  const id = useId();
  return (
    <section className={`panel ${className}`} aria-labelledby={id}>
      <header className="panel-head">
        <h2 id={id}>{title}</h2>
        {note === undefined ? null : <span className="panel-note">{note}</span>}
        {controls === undefined ? null : <div className="panel-controls">{controls}</div>}
      </header>
      <div className="panel-body">{children}</div>
    </section>
  );
}

/** What stands where there is nothing to show: what is so, and what to do about it. */
export function Empty({ title, next }: { readonly title: string; readonly next?: ReactNode }) {
  return (
    <div className="empty">
      <p>{title}</p>
      {next === undefined ? null : <p className="muted">{next}</p>}
    </div>
  );
}

/** What may be longer than its panel and holds nothing that takes the focus. It is a stop for Tab, without which there is no way to scroll it by keys. */
export function ScrollRegion({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <section className="scroller" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
