/** Severity as in `FaultReport`: INFO, WARNING, ERROR, CRITICAL. */
export type AlarmSeverity = 0 | 1 | 2 | 3;

/** The fault of a value or an alarm. */
export interface MappedFault {
  /** Unique in all maps of a gateway: a fault is identified only by its code. */
  readonly code: string;
  readonly severity: AlarmSeverity;
  readonly message: string;
}

/** A fault while a number is beyond a limit, or a switch is on or off. */
export interface ThresholdRule {
  readonly kind: 'threshold';
  readonly fault: MappedFault;
  readonly threshold: number;
  /**
   * Whether the fault is active above the threshold, or while the switch is on. The threshold itself raises no fault.
   */
  readonly above: boolean;
}

/** A fault for each set bit of a word. */
export interface StatusWordRule {
  readonly kind: 'status-word';
  /** `bit` 0 is the least significant. */
  readonly bits: readonly { readonly bit: number; readonly fault: MappedFault }[];
  /** Bits of the word, 1 to 64; higher bits are the sign of a widened number. */
  readonly width: number;
}

/** A fault for each number in a register except one. */
export interface FaultEnumeration {
  readonly kind: 'enumeration';
  /** The number without a fault. */
  readonly okValue: bigint;
  readonly codes: readonly { readonly value: bigint; readonly fault: MappedFault }[];
  /** The fault of any other number; without a message, the text contains the number. */
  readonly unmapped: Omit<MappedFault, 'message'> & { readonly message: string | undefined };
}

/** Rule that detects faults in the values of a node. */
export type FaultRule = ThresholdRule | StatusWordRule | FaultEnumeration;
