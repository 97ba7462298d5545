/** How severe a fault is, as a `FaultReport` counts: INFO, WARNING, ERROR, CRITICAL. */
export type AlarmSeverity = 0 | 1 | 2 | 3;

/** The names of severities in a node map, in the order of their numbers. */
export const SEVERITY_NAMES = ['INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const;

/** A fault that a value, or an alarm, stands for. */
export interface MappedFault {
  /** Unique over all that a gateway maps: a fault is known by its code alone. */
  readonly code: string;
  readonly severity: AlarmSeverity;
  readonly message: string;
}

/** A fault while a number is beyond a limit, or a switch is on, or off. */
export interface ThresholdRule {
  readonly kind: 'threshold';
  readonly fault: MappedFault;
  readonly threshold: number;
  /** Whether it holds above the threshold, or while the switch is on. The threshold itself is on neither side. */
  readonly above: boolean;
}

/** A fault for each bit that is set in a word. */
export interface StatusWordRule {
  readonly kind: 'status-word';
  /** `bit` 0 is the least significant one. */
  readonly bits: readonly { readonly bit: number; readonly fault: MappedFault }[];
  /** Bits of the word, 1 to 64: those above are the sign of a number that was widened. */
  readonly width: number;
}

/** A fault for each number that a register can hold but one. */
export interface FaultEnumeration {
  readonly kind: 'enumeration';
  /** Stands for no fault. */
  readonly okValue: bigint;
  readonly codes: readonly { readonly value: bigint; readonly fault: MappedFault }[];
  /** What any other number is; without a message it is told which number. */
  readonly unmapped: Omit<MappedFault, 'message'> & { readonly message: string | undefined };
}

/** What of the values of a node is a fault. */
export type FaultRule = ThresholdRule | StatusWordRule | FaultEnumeration;
