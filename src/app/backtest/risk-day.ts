import type { RunInstruments } from './run-instruments.ts';
import type { RiskDay } from '../../core/risk/risk-day.ts';
import { InputError } from '../../ports/errors.ts';
import { zoneClock } from '../../ports/zone-clock.ts';
import { suggestion } from '../run-file/closest-name.ts';
import type { RunFileRisk } from '../run-file/schema.ts';
import type { PlainPath } from '../run-file/yaml-source.ts';

/** Changes of clocks are worked out for these years; before and after them the nearest holds. */
const ZONE_YEARS = [1970, 2050] as const;

type Refuse = (path: PlainPath, rule: string, fix: string, code?: 'RUN_FILE_INVALID' | 'INSTRUMENT_UNKNOWN') => void;

/** When the day of daily limits begins; nothing where the run file says nothing. */
export function riskDay({ day }: RunFileRisk, known: RunInstruments, refuse: Refuse): { readonly day?: RiskDay } {
  if (day === undefined) return {};
  const { calendarOf } = day;
  if (calendarOf === undefined) return zoneDay(day.zone ?? 'UTC', day.begins ?? 0, refuse);
  if (day.zone !== undefined || day.begins !== undefined) {
    refuse(
      ['risk', 'day'],
      'A day begins by the clocks of a zone or by a calendar, not by both.',
      'Leave calendarOf out, or zone and begins.',
    );
    return {};
  }
  const instrument = known.indexOf(calendarOf);
  if (instrument >= 0) return { day: { kind: 'CALENDAR', instrument } };
  const ids = known.instruments.map(({ id }) => id);
  refuse(
    ['risk', 'day', 'calendarOf'],
    `The run file defines no instrument ${calendarOf}.`,
    suggestion(calendarOf, ids),
    'INSTRUMENT_UNKNOWN',
  );
  return {};
}

function zoneDay(zone: string, beginsUs: number, refuse: Refuse): { readonly day?: RiskDay } {
  try {
    return { day: { kind: 'ZONE', zone, beginsUs, offsets: zoneClock(zone).offsets(...ZONE_YEARS) } };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    refuse(
      ['risk', 'day', 'zone'],
      `No zone is called ${zone}.`,
      'Write an IANA name such as America/New_York, UTC, or an offset such as -05:00.',
    );
    return {};
  }
}
