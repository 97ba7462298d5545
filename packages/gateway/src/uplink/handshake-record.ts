import { VERSION } from '@medkit/contract';
import type { Clock, Files } from '@medkit/edges';
import type { Identity, RobotRecord } from '@medkit/tunnel';
import type { UplinkFolder, UplinkLog } from '@medkit/uplink';
import type { GatewayConfig } from '../config/index.ts';
import { keyRotation } from './key-rotation.ts';
import { isMetered } from './metered-link.ts';

/** Seconds between pings if `hub.keepalive_sec` is 0: usual, and on a metered link. */
const KEEPALIVE_SEC = { usual: 30, metered: 240 } as const;

/** The uplink log, which is closed until the fault manager has started. */
export interface UplinkLogSource {
  /** Returns the open log; `undefined` while it is closed. */
  log(): UplinkLog | undefined;
  whenOpen(signal: AbortSignal): Promise<void>;
}

/** What the first message to the hub says about the robot. */
export interface HelloFacts {
  /** Number of active faults by severity. */
  readonly critical: number;
  readonly error: number;
  /** Software release that medkit installed and that is in use; absent if unknown. */
  readonly software?: string | undefined;
}

export interface RobotRecordOptions {
  readonly config: { readonly hub: Pick<GatewayConfig['hub'], 'keepalive_sec' | 'metered' | 'metered_interfaces'> };
  readonly files: Pick<Files, 'readText'>;
  readonly uplinkLog: UplinkLogSource;
  /** Name of the hub on this robot. */
  readonly name: string;
  /** Returns the fingerprint of the present key of each hub. */
  presentKeys(): Promise<readonly string[]>;
  readonly clock: Clock;
}

/**
 * Returns what the handshake with a key reads and stores. The start of the gateway is the start that the records name.
 */
export function robotRecords(
  { config: { hub }, files, uplinkLog, name, presentKeys, clock }: RobotRecordOptions,
  folder: UplinkFolder,
  facts: () => Promise<HelloFacts>,
): (identity: Identity) => RobotRecord {
  const opened = (): UplinkLog => {
    const log = uplinkLog.log();
    if (log) return log;
    throw new Error('the uplink log is closed: it needs the fault manager of medkit (fault_manager.mode: own)');
  };
  const nextKey = keyRotation(folder, clock, async () => opened().setOwners(await presentKeys()));
  return (identity) => ({
    hello: async () => {
      const log = opened();
      const metered = await isMetered(hub, files);
      const usualSec = metered ? KEEPALIVE_SEC.metered : KEEPALIVE_SEC.usual;
      const [ratchet, head, { software, critical, error }] = [
        await folder.ratchet(),
        await log.head(name),
        await facts(),
      ];
      const enrolment = await folder.enrolment();
      return {
        ...(ratchet !== undefined && { ratchet }),
        ...(enrolment && { receipt: enrolment.receipt }),
        boot: log.boot,
        log: { id: head.log, oldest: Math.min(head.removed + 1, head.newest), newest: head.newest },
        versions: { medkit: VERSION, ...(software !== undefined && { software }) },
        link: { metered, keepalive_sec: hub.keepalive_sec || usualSec },
        active: { critical, error },
      };
    },
    monotonicMs: () => opened().now().monoMs,
    accept: async (welcome) => {
      await folder.saveRatchet(welcome.next);
      // An empty one would make the stored enrolment invalid.
      if (welcome.receipt) await folder.saveReceipt(welcome.receipt);
      const wentBack = !(await opened().continueFrom(name, welcome.cursor));
      const newKey = await nextKey(identity, welcome);
      return { wentBack, ...(newKey !== undefined && { newKey }) };
    },
  });
}
