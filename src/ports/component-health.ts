/** How a part of the program is. ABSENT: it is not configured. */
export interface ComponentHealth {
  readonly name: string;
  readonly state: 'OK' | 'DEGRADED' | 'DOWN' | 'ABSENT';
  /** For people. */
  readonly detail: string;
}

/** Asks the parts of the program how they are: database, order execution, core, journal. */
export interface HealthSource {
  components(): readonly ComponentHealth[];
}
