import { useState } from 'react';
import { Pill, Pnl } from '../parts/figures.tsx';
import { decimalText, percentText } from '../numbers/decimal-text.ts';
import { ageText, clockText, ZONE_NAME } from '../numbers/time-text.ts';
import { totalsOf } from '../state/derived.ts';
import { desk, type Link } from '../state/desk.ts';
import { machineNow, now } from '../state/now.ts';
import { useTopic } from '../state/topic.ts';
import { KillDialog } from './kill-dialog.tsx';

export const STATE_TONES = { ACTIVE: 'well', REDUCING: 'warning', HALTED: 'danger' } as const;
const LINK_WORDS: Readonly<Record<Link['state'], string>> = {
  connecting: 'Connecting',
  resyncing: 'Catching up',
  live: 'Live',
  stale: 'Silent',
  offline: 'Offline',
};
const LINK_DOTS: Readonly<Record<Link['state'], string>> = {
  connecting: '',
  resyncing: 'degraded',
  live: 'ok',
  stale: 'degraded',
  offline: 'down',
};
/** Market data older than this is shown as a warning. */
const DATA_OLD_US = 10e6;

function DataAge() {
  const markets = useTopic(desk.markets);
  const time = useTopic(now);
  const newest = markets.reduce((ts, row) => Math.max(ts, row.ts), 0);
  const age = time - newest;
  return (
    <dl className="top-figure data-age">
      <dt>Data</dt>
      <dd className={newest > 0 && age < DATA_OLD_US ? '' : 'warning-text'}>{newest === 0 ? 'none yet' : ageText(age)}</dd>
    </dl>
  );
}

function Connection() {
  const link = useTopic(desk.link);
  useTopic(now);
  const silence = machineNow() - link.heardTs;
  return (
    <span className="nowrap connection" title={link.heardTs === 0 ? 'Nothing heard yet' : `Last heard ${ageText(silence)} ago`}>
      <span className={`dot ${LINK_DOTS[link.state]}`} />
      {LINK_WORDS[link.state]}
      {link.state === 'live' || link.heardTs === 0 ? '' : ` ${ageText(silence)}`}
    </span>
  );
}

function Clock() {
  const time = useTopic(now);
  return (
    <time className="nowrap clock">
      {clockText(time)} <span className="muted">{ZONE_NAME}</span>
    </time>
  );
}

/** What is always true and always in sight. */
export function TopBar() {
  const session = useTopic(desk.health)?.session ?? null;
  const trading = useTopic(desk.tradingState);
  const totals = totalsOf(useTopic(desk.portfolio)?.accounts ?? []);
  const [isAsking, setAsking] = useState(false);
  const state = trading?.state;
  return (
    <header className="top">
      <span className="top-name">
        <span className="product">QuantHybrid</span> <small>{session?.name ?? ''}</small>
      </span>
      {state === undefined ? null : <Pill tone={STATE_TONES[state]}>{trading?.isKilled === true ? 'KILLED' : state}</Pill>}
      {session === null ? null : <Pill tone={session.mode === 'LIVE' ? 'danger' : 'plain'}>{session.mode}</Pill>}
      <dl className="top-figure">
        <dt>Equity</dt>
        <dd>
          {totals.equity === null ? '–' : decimalText(totals.equity, { decimals: 2 })} <span className="unit">{totals.currency}</span>
        </dd>
      </dl>
      <dl className="top-figure day-pnl">
        <dt>Day</dt>
        <dd>
          <Pnl value={totals.pnlToday} arrow />{' '}
          <span className="muted">{totals.returnToday === null ? '' : percentText(totals.returnToday, 2, true)}</span>
        </dd>
      </dl>
      <span className="top-space" />
      <DataAge />
      <Connection />
      <Clock />
      <button type="button" className="danger kill" onClick={() => setAsking(true)}>
        {trading?.isKilled === true ? 'Release…' : 'Kill switch'}
      </button>
      {isAsking ? <KillDialog onClose={() => setAsking(false)} /> : null}
    </header>
  );
}
