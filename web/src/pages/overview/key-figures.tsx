import { decimalText, doubleText, percentText } from '../../numbers/decimal-text.ts';
import { Figure, Flashing, gainClass, Pnl } from '../../parts/figures.tsx';
import { drawdownsOf, isHeld, metricOf, positionSums, totalsOf } from '../../state/derived.ts';
import { desk } from '../../state/desk.ts';
import { useTopic } from '../../state/topic.ts';

function money(value: string | null): string {
  return value === null ? '–' : decimalText(value, { decimals: 2 });
}

/** What the account is worth and how it got there. */
export function KeyFigures() {
  const portfolio = useTopic(desk.portfolio);
  const positions = useTopic(desk.positions);
  const equity = useTopic(desk.equity);
  const totals = totalsOf(portfolio?.accounts ?? []);
  const sums = positionSums(positions, totals.currency);
  const held = positions.filter(isHeld).length;
  const drawdown = drawdownsOf(equity);
  const metrics = portfolio?.metrics[0];
  const unit = totals.currency;
  const others = totals.accountsLeftOut === 0 ? '' : `, ${totals.accountsLeftOut} accounts in other currencies`;
  return (
    <div className="figures">
      <Figure label="Equity" unit={unit} detail={`${held} open ${held === 1 ? 'position' : 'positions'}${others}`}>
        <Flashing text={money(totals.equity)} />
      </Figure>
      <Figure
        label="Day P&L"
        unit={unit}
        detail={<span className={gainClass(totals.returnToday ?? 0)}>{percentText(totals.returnToday, 2, true)}</span>}
      >
        <Pnl value={totals.pnlToday} arrow />
      </Figure>
      <Figure label="Realized" unit={unit} detail={`before fees of ${money(sums.commission)}`}>
        <Pnl value={sums.realized} />
      </Figure>
      <Figure label="Unrealized" unit={unit} detail={sums.leftOut === 0 ? 'at the last price' : `without ${sums.leftOut} positions`}>
        <Pnl value={sums.unrealized} />
      </Figure>
      <Figure label="Exposure" unit={unit} detail={`net ${money(sums.net)}`}>
        {money(sums.gross)}
      </Figure>
      <Figure label="Drawdown" detail={`worst ${percentText(drawdown.worst)}`}>
        {percentText(drawdown.now)}
      </Figure>
      <Figure label="Sharpe" detail={`Sortino ${doubleText(metricOf(metrics, 'sortinoRatio'), 2)}`}>
        {doubleText(metricOf(metrics, 'sharpeRatio'), 2)}
      </Figure>
      <Figure label="Win rate" detail={`profit factor ${doubleText(metricOf(metrics, 'profitFactor'), 2)}`}>
        {percentText(metricOf(metrics, 'winRate'), 1)}
      </Figure>
    </div>
  );
}
