import { type ComponentType, lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { startLive, stopLive } from '../api/live.ts';
import { desk } from '../state/desk.ts';
import { startClock } from '../state/now.ts';
import { OverviewPage } from '../pages/overview/overview-page.tsx';
import { startPnlHistory } from '../state/pnl-history.ts';
import { goTo, type PageName, route } from '../state/route.ts';
import { useTopic } from '../state/topic.ts';
import { AccountDialog } from './account/account-dialog.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { LinkBanner } from './link-banner.tsx';
import { NoticeList } from './notice-list.tsx';
import { PageGuard } from './page-guard.tsx';
import { PhaseBanner } from './phase-banner.tsx';
import { PAGE_TITLES, Rail } from './rail.tsx';
import { SearchPalette } from './search-palette.tsx';
import { useShortcuts } from './shortcuts.ts';
import { TopBar } from './top-bar.tsx';

const PAGES: Readonly<Record<PageName, ComponentType>> = {
  overview: OverviewPage,
  markets: lazy(() => import('../pages/markets/markets-page.tsx').then((module) => ({ default: module.MarketsPage }))),
  orders: lazy(() => import('../pages/orders/orders-page.tsx').then((module) => ({ default: module.OrdersPage }))),
  positions: lazy(() => import('../pages/positions/positions-page.tsx').then((module) => ({ default: module.PositionsPage }))),
  strategies: lazy(() => import('../pages/strategies/strategies-page.tsx').then((module) => ({ default: module.StrategiesPage }))),
  risk: lazy(() => import('../pages/risk/risk-page.tsx').then((module) => ({ default: module.RiskPage }))),
  research: lazy(() => import('../pages/research/research-page.tsx').then((module) => ({ default: module.ResearchPage }))),
  operations: lazy(() => import('../pages/operations/operations-page.tsx').then((module) => ({ default: module.OperationsPage }))),
};

/** The desk of somebody who is signed in: bar, rail and one page. */
export function DeskFrame({ onSignOut, onSignedOut }: { readonly onSignOut: () => void; readonly onSignedOut: () => void }) {
  const { page, subject } = useTopic(route);
  const link = useTopic(desk.link);
  const mode = useTopic(desk.health)?.session.mode;
  const [open, setOpen] = useState<'search' | 'help' | 'account' | null>(null);
  useEffect(() => {
    startLive(onSignedOut);
    const stopClock = startClock();
    const stopHistory = startPnlHistory();
    return () => {
      stopLive();
      stopClock();
      stopHistory();
    };
  }, [onSignedOut]);
  useEffect(() => {
    document.title = `${PAGE_TITLES[page]} · QuantHybrid`;
  }, [page]);
  const onSearch = useCallback(() => setOpen('search'), []);
  const onHelp = useCallback(() => setOpen('help'), []);
  const onAccount = useCallback(() => setOpen('account'), []);
  const onEscape = useCallback(() => {
    if (subject !== '' && page !== 'markets') goTo(page);
  }, [page, subject]);
  useShortcuts({ onSearch, onHelp, onEscape });
  const Page = PAGES[page];
  return (
    <div className={`frame ${mode === 'LIVE' ? 'live-mode' : ''}`} data-link={link.state}>
      <TopBar />
      <LinkBanner />
      <PhaseBanner />
      <Rail onHelp={onHelp} onAccount={onAccount} onSignOut={onSignOut} />
      <Suspense fallback={<main className="page" />}>
        <PageGuard key={page}>
          <Page />
        </PageGuard>
      </Suspense>
      <NoticeList />
      {open === 'search' ? <SearchPalette onClose={() => setOpen(null)} /> : null}
      {open === 'account' ? <AccountDialog onClose={() => setOpen(null)} /> : null}
      {open === 'help' ? <HelpDialog onClose={() => setOpen(null)} /> : null}
    </div>
  );
}
