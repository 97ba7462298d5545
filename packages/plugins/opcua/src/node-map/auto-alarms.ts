/** Minimum event severity, 1 to 1000, of each fault severity; lower values are INFO. */
export interface SeverityBands {
  readonly critical: number;
  readonly error: number;
  readonly warning: number;
}

/** Settings for unmapped alarms that become faults. */
export interface AutoAlarms {
  /** The notifier to subscribe to. */
  readonly source: string;
  /** The app of alarms whose source is not a mapped node; if absent, the component's id followed by `_alarms`. */
  readonly entityId: string | undefined;
  /** Whether an inactive alarm ends without being acknowledged. */
  readonly autoClear: boolean;
  readonly bands: SeverityBands;
  /** Only alarms whose name or message contains one of these parts are used; empty: all. */
  readonly include: readonly string[];
  /** Alarms whose name or message contains one of these parts are ignored; checked before `include`. */
  readonly exclude: readonly string[];
}

export const DEFAULT_SEVERITY_BANDS: SeverityBands = { critical: 801, error: 501, warning: 201 };

/** All alarms of the server, as reported by the Server object (OPC 10000-5, 8.3.2). */
export const DEFAULT_AUTO_ALARMS: AutoAlarms = {
  source: 'i=2253',
  entityId: undefined,
  autoClear: true,
  bands: DEFAULT_SEVERITY_BANDS,
  include: [],
  exclude: [],
};
