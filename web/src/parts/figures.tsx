import { type ReactNode, useEffect, useRef } from 'react';
import { decimalText, signOf } from '../numbers/decimal-text.ts';

const FLASH_MS = 300;
/** A number that never rests would never be dark: it lights up no more often than this. */
const FLASH_EVERY_MS = 1500;
const calm = matchMedia('(prefers-reduced-motion: reduce)');

/** A number whose background lights up for a moment when it changes. */
export function Flashing({ text, className = '' }: { readonly text: string; readonly className?: string }) {
  const element = useRef<HTMLSpanElement>(null);
  const before = useRef(text);
  const lastFlash = useRef(0);
  useEffect(() => {
    if (before.current === text) return;
    before.current = text;
    const time = performance.now();
    if (calm.matches || time - lastFlash.current < FLASH_EVERY_MS) return;
    lastFlash.current = time;
    element.current?.animate([{ backgroundColor: 'var(--flash)' }, { backgroundColor: 'transparent' }], FLASH_MS);
  }, [text]);
  return (
    <span ref={element} className={`flashing ${className}`}>
      {text}
    </span>
  );
}

export function gainClass(sign: number): string {
  return sign > 0 ? 'gain' : sign < 0 ? 'loss' : '';
}

interface PnlProps {
  readonly value: string | null;
  readonly decimals?: number;
  readonly arrow?: boolean;
}

/** Profit or loss: always signed, colored, and with an arrow where it stands alone. */
export function Pnl({ value, decimals = 2, arrow = false }: PnlProps) {
  if (value === null) return <span className="muted">–</span>;
  const sign = signOf(value);
  return (
    <span className={gainClass(sign)}>
      {arrow && sign !== 0 ? <span aria-hidden="true">{sign > 0 ? '▲ ' : '▼ '}</span> : null}
      <Flashing text={decimalText(value, { decimals, signed: true })} />
    </span>
  );
}

export function SideWord({ side }: { readonly side: 'BUY' | 'SELL' }) {
  return <span className={side === 'BUY' ? 'buy' : 'sell'}>{side}</span>;
}

interface FigureProps {
  readonly label: string;
  readonly unit?: string;
  readonly detail?: ReactNode;
  readonly children: ReactNode;
}

/** One number that matters, with its name above and what belongs to it beneath. */
export function Figure({ label, unit, detail, children }: FigureProps) {
  return (
    <div className="figure">
      <div className="figure-label">
        {label}
        {unit === undefined ? null : <span className="unit"> {unit}</span>}
      </div>
      <div className="figure-value">{children}</div>
      <div className="figure-detail">{detail}</div>
    </div>
  );
}

/** How much of a limit is used. */
export function UsageBar({ share, label }: { readonly share: number | null; readonly label: string }) {
  const width = Math.min(1, Math.max(0, share ?? 0));
  const level = share === null ? '' : share >= 0.95 ? 'danger' : share >= 0.8 ? 'warning' : '';
  return (
    <div className={`usage ${level}`} role="img" aria-label={label}>
      <div style={{ width: `${width * 100}%` }} />
    </div>
  );
}

/** A line of doubles, as small as a word. */
export function Sparkline({
  values,
  width = 96,
  height = 18,
}: {
  readonly values: readonly number[];
  readonly width?: number;
  readonly height?: number;
}) {
  if (values.length < 2) return <span className="muted">–</span>;
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const points = values
    .map((value, at) => `${((at / (values.length - 1)) * width).toFixed(1)},${(1 + (1 - (value - low) / span) * (height - 2)).toFixed(1)}`)
    .join(' ');
  return (
    <svg className="sparkline" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <polyline points={points} fill="none" stroke="currentColor" strokeWidth="1" />
    </svg>
  );
}

/** A state as a word in a pill; the tone carries meaning only. */
export function Pill({ tone, children }: { readonly tone: 'plain' | 'well' | 'warning' | 'danger'; readonly children: ReactNode }) {
  return <span className={`pill ${tone}`}>{children}</span>;
}
