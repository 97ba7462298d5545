/** Stages of an installation. Each is on disk before its work begins; the last two are final. */
export const INSTALL_STAGES = [
  'switching',
  'activating',
  'gating',
  'confirming',
  'rolling-back',
  'executed',
  'rolled-back',
] as const;
export type InstallStage = (typeof INSTALL_STAGES)[number];

/** Why an update was not kept. */
export interface InstallFailure {
  readonly reason: 'fault' | 'activation' | 'interrupted' | 'not-in-time' | 'storage' | 'unconfirmed';
  readonly message: string;
  /** Faults that were confirmed. */
  readonly faultCodes?: readonly string[];
}

/** One installation, with everything needed to finish or undo it after a restart. */
export interface InstallRecord {
  /** Id of the update. */
  readonly id: string;
  /** Target of `current` before; `null` if no release was in use. */
  readonly from: string | null;
  /** New target of `current`. */
  readonly to: string;
  readonly stage: InstallStage;
  /** Entities whose faults count; empty for all. */
  readonly entities: readonly string[];
  /** Epoch of its manifest; 0 if absent. */
  readonly epoch?: number;
  /** Start time, wall-clock milliseconds. */
  readonly sinceMs: number;
  /** Number of gateway starts while it was at the gate. */
  readonly starts: number;
  /** Present if a client must confirm the update after its gate. */
  readonly confirmation?: Confirmation;
  readonly failure?: InstallFailure;
}

/** How long an update waits for its confirmation, and has waited. */
export interface Confirmation {
  /** Time for the confirmation, milliseconds. */
  readonly withinMs: number;
  /** Time that it has waited at least, milliseconds, measured by clocks that cannot be set. */
  readonly waitedMs: number;
  /** When the wait began, wall-clock milliseconds; absent before. */
  readonly sinceMs?: number;
}

/** Returns whether the installation is final. */
export function isSettled({ stage }: InstallRecord): boolean {
  return stage === 'executed' || stage === 'rolled-back';
}

/**
 * Returns the id of the release in use; `undefined` if there is none, or during a rollback. A target of `current`
 * outside the releases is returned unchanged.
 */
export function releaseInUse({ id, from, stage }: InstallRecord): string | undefined {
  if (stage === 'rolling-back') return undefined;
  if (stage === 'executed' || stage === 'activating' || stage === 'gating' || stage === 'confirming') return id;
  return from?.replace(/^releases\//, '');
}
