import type { Clock, Files } from '@medkit/edges';
import type { GatewayConfig } from '../config/index.ts';
import { isMetered } from './metered-link.ts';

type BulkConfig = Pick<GatewayConfig['hub'], 'bulk_when' | 'metered' | 'metered_interfaces'>;

/** Interval in which the condition of `hub.bulk_when` is checked. */
const CHECK_MS = 60_000;
/** Class of bulk data that is not urgent. */
const BULK_CLASS = 5;
const POWER = '/sys/class/power_supply';

/** Decides whether bulk data that is not urgent may be sent now. */
export interface BulkGate {
  /** Why data of this class waits; `undefined` if it does not. */
  waits(trafficClass: number): string | undefined;
  /** Seconds after which a refused request should be repeated. */
  readonly retrySec: number;
  close(): void;
}

export interface BulkGateOptions {
  readonly hub: BulkConfig;
  readonly files: Pick<Files, 'list' | 'readText'>;
  readonly clock: Pick<Clock, 'every'>;
}

/** Opens the gate of `hub.bulk_when`. Reads the condition each minute, unless it cannot change. */
export async function bulkGate({ hub, files, clock }: BulkGateOptions): Promise<BulkGate> {
  let reason = await bulkReason(hub, files);
  const timer =
    hub.bulk_when === 'unmetered' || hub.bulk_when === 'charging'
      ? clock.every(CHECK_MS, () => {
          void bulkReason(hub, files).then((found) => {
            reason = found;
          });
        })
      : undefined;
  return {
    waits: (trafficClass) => (trafficClass === BULK_CLASS ? reason : undefined),
    retrySec: CHECK_MS / 1000,
    close: () => timer?.cancel(),
  };
}

/** Returns why bulk data waits now; `undefined` if it does not. */
export async function bulkReason(hub: BulkConfig, files: BulkGateOptions['files']): Promise<string | undefined> {
  switch (hub.bulk_when) {
    case 'never':
      return 'hub.bulk_when is never';
    case 'unmetered':
      return (await isMetered(hub, files)) ? 'the link is metered, and hub.bulk_when is unmetered' : undefined;
    case 'charging':
      return (await isCharging(files)) ? undefined : 'the robot does not charge, and hub.bulk_when is charging';
    default:
      return undefined;
  }
}

/**
 * Returns whether the machine has external power, by the power supplies of the Linux kernel: a supply that is no battery
 * is online, or a battery charges or is full. A machine without a supply that can be read does not charge.
 */
async function isCharging(files: BulkGateOptions['files']): Promise<boolean> {
  const read = (path: string): Promise<string> =>
    files.readText(path).then(
      (text) => text?.trim() ?? '',
      () => '',
    );
  const supplies = await files.list(POWER).catch(() => []);
  const states = await Promise.all(
    supplies.map(async ({ name }) => {
      if ((await read(`${POWER}/${name}/type`)) !== 'Battery') return (await read(`${POWER}/${name}/online`)) === '1';
      return ['Charging', 'Full'].includes(await read(`${POWER}/${name}/status`));
    }),
  );
  return states.includes(true);
}
