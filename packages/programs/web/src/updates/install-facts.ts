import type { HealthStatus } from '@medkit/contract';

/** Stages of an installation, as the gateway writes them to its journal. */
export type InstallStage =
  | 'switching'
  | 'activating'
  | 'gating'
  | 'confirming'
  | 'rolling-back'
  | 'executed'
  | 'rolled-back';

/** What the gateway reports about its installer. A member is missing if it has no installer or does not report it. */
export interface InstallFacts {
  readonly target?: string;
  readonly trustedKeys?: number;
  readonly isUnsignedAllowed?: boolean;
  /** Seconds at the gate. */
  readonly gateSec?: number;
  /** Id of the release in use. */
  readonly inUse?: string;
  /** The latest installation. */
  readonly last?: { readonly id: string; readonly stage: InstallStage };
}

/** Reads the facts from the health of the gateway. */
export function installFacts(health: HealthStatus | undefined): InstallFacts {
  // The installer adds members that are not in the contract type.
  const block = Object((health as Readonly<Record<string, unknown>> | undefined)?.['x-medkit-updates']);
  const { target, trusted_keys, unsigned_allowed, gate_sec, in_use, last } = block;
  const { id, stage } = Object(last);
  return {
    ...(typeof target === 'string' && { target }),
    ...(typeof trusted_keys === 'number' && { trustedKeys: trusted_keys }),
    ...(typeof unsigned_allowed === 'boolean' && { isUnsignedAllowed: unsigned_allowed }),
    ...(typeof gate_sec === 'number' && { gateSec: gate_sec }),
    ...(typeof in_use === 'string' && { inUse: in_use }),
    ...(typeof id === 'string' && typeof stage === 'string' && { last: { id, stage: stage as InstallStage } }),
  };
}
