/** How far an installation is. Each is on disk before what it names begins; the last two are its ends. */
export const INSTALL_STAGES = ['switching', 'activating', 'gating', 'rolling-back', 'executed', 'rolled-back'] as const;
export type InstallStage = (typeof INSTALL_STAGES)[number];

/** Why an update does not stay. */
export interface InstallFailure {
  readonly reason: 'fault' | 'activation' | 'interrupted' | 'not-in-time' | 'storage';
  readonly message: string;
  /** Faults that were confirmed. */
  readonly faultCodes?: readonly string[];
}

/** One installation, as it must be known to whoever finds it half done. */
export interface InstallRecord {
  /** Of the update. */
  readonly id: string;
  /** Where `current` led before; `null` where nothing was in use. */
  readonly from: string | null;
  /** Where it leads to. */
  readonly to: string;
  readonly stage: InstallStage;
  /** Entities whose faults count; none means all. */
  readonly entities: readonly string[];
  /** Of its manifest; 0 unless given. */
  readonly epoch?: number;
  /** When it began, wall clock in milliseconds. */
  readonly sinceMs: number;
  /** How often the gateway has started with it at the gate. */
  readonly starts: number;
  readonly failure?: InstallFailure;
}

/** Whether nothing more is to be done about it. */
export function isSettled({ stage }: InstallRecord): boolean {
  return stage === 'executed' || stage === 'rolled-back';
}
