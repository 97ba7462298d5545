/** From which severity of an event on, 1 to 1000, a fault is how severe; below all of them it is an information. */
export interface SeverityBands {
  readonly critical: number;
  readonly error: number;
  readonly warning: number;
}

/** Which alarms become faults without anybody having mapped them. */
export interface AutoAlarms {
  /** The notifier that is asked for them. */
  readonly source: string;
  /** The app of alarms whose source is no mapped node; absent for the component's id with `_alarms` behind it. */
  readonly entityId: string | undefined;
  /** Whether an alarm that is not active any more is over, without anybody acknowledging it. */
  readonly autoClear: boolean;
  readonly bands: SeverityBands;
  /** Parts of names and messages of which one has to be there; empty takes all. */
  readonly include: readonly string[];
  /** Parts of names and messages that are left out, before `include` is looked at. */
  readonly exclude: readonly string[];
}

export const DEFAULT_SEVERITY_BANDS: SeverityBands = { critical: 801, error: 501, warning: 201 };

/** All alarms of the server, as its own object tells of them (OPC 10000-5, 8.3.2). */
export const DEFAULT_AUTO_ALARMS: AutoAlarms = {
  source: 'i=2253',
  entityId: undefined,
  autoClear: true,
  bands: DEFAULT_SEVERITY_BANDS,
  include: [],
  exclude: [],
};
