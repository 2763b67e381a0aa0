import { loadStrategyBundle } from '../strategies/load-strategy-file.ts';
import { SHIPPED_STRATEGIES } from '../strategies/shipped.ts';
import { shippedCalendar, type ShippedCalendar } from '../../adapters/time-zones/shipped-calendars.ts';
import { assert } from '../../base/assert.ts';
import type { StrategyClass } from '../../core/strategy/strategy.ts';
import type { PlannedStrategy, PlanParts } from '../../runtime/session/session-plan.ts';

/** Calendars and classes of a plan, from what the program ships and from the plan itself: no file is read. */
export function planParts(): PlanParts {
  const classes = new Map<PlannedStrategy['source'], StrategyClass>();
  return {
    calendarOf: ({ name, dayFrom, dayTo }) => shippedCalendar(name as ShippedCalendar, dayFrom, dayTo),
    classOf: (source) => {
      const known = classes.get(source);
      if (known !== undefined) return known;
      const made = classOf(source);
      classes.set(source, made);
      return made;
    },
  };
}

function classOf(source: PlannedStrategy['source']): StrategyClass {
  if (source.kind === 'bundle') return loadStrategyBundle(source.bundle, source.entry, { className: source.className }).strategyClass;
  const shipped = SHIPPED_STRATEGIES.get(source.name);
  assert(shipped !== undefined, `the plan names a shipped strategy: ${source.name}`);
  return shipped;
}
