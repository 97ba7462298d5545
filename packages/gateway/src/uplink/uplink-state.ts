import { type FaultListItem, MAX_UPLINK_FAULTS, type UplinkBudget, type UplinkState } from '@medkit/contract';
import type { UplinkLog } from '@medkit/uplink';
import { type RouteReader, unlessRefused } from '../route-reader.ts';

/** Characters of faults and incidents in a state: it stays below 256 KiB. */
const MAX_STATE_CHARS = 120 * 1024;

export interface UplinkStateSources {
  readonly routes: RouteReader;
  /** ETag of replies that are made from the tree. */
  readonly etag: () => string;
  /** The hub that requests it; absent for a program on this machine. */
  readonly hub?: string | undefined;
  /** The data budget of that hub, or of the first one; absent if no hub is enrolled. */
  readonly budget?: (() => Promise<UplinkBudget>) | undefined;
}

/** Returns the present state of the robot. The end of the log is read first: the state is at least as new. */
export async function uplinkState(
  log: UplinkLog,
  { routes, etag, hub, budget }: UplinkStateSources,
): Promise<UplinkState> {
  const { log: id, newest, hash, removed } = await log.head(hub);
  const hubs = await log.cursors();
  const [{ items }, incidents] = await Promise.all([
    routes.read('listAllFaults', { query: { status: 'confirmed' } }),
    unlessRefused(routes.read('listIncidents', { query: { state: 'open' } })),
  ]);
  const { atMs, boot, monoMs } = log.now();
  const faults = fitting(items.toSorted(bySeverity).slice(0, MAX_UPLINK_FAULTS));
  return {
    log: id,
    newest,
    hash,
    removed,
    boot,
    at_ms: Math.floor(atMs),
    mono_ms: Math.floor(monoMs),
    tree_etag: etag(),
    faults,
    more_faults: items.length - faults.length,
    ...(incidents && { incidents: fitting(incidents.items) }),
    hubs: [...hubs],
    ...(budget && { budget: await budget() }),
  };
}

const bySeverity = (a: FaultListItem, b: FaultListItem): number => b.severity - a.severity;

/** Returns the first items whose JSON fits into the state. */
function fitting<Item>(items: readonly Item[]): Item[] {
  let chars = 0;
  return items.filter((item) => {
    chars += JSON.stringify(item).length;
    return chars <= MAX_STATE_CHARS;
  });
}
