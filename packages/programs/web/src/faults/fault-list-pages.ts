import type { FaultCluster, FaultFilter, FaultListItem, FaultListXMedkit, MutedFault } from '@medkit/contract';

const PAGE = 1000;
/** Maximum faults on a page. */
export const MAX_FAULTS = 10_000;

/** The faults of the whole robot, up to the page limit. */
export interface AllFaults {
  readonly faults: readonly FaultListItem[];
  /** True if more faults exist than are shown. */
  readonly isCut: boolean;
  readonly muted: readonly MutedFault[];
  readonly clusters: readonly FaultCluster[];
  readonly about: FaultListXMedkit | undefined;
}

/** Selection of faults to load. */
export interface FaultSelection {
  readonly status: FaultFilter | undefined;
  readonly withMuted: boolean;
}

interface FaultPage {
  readonly items: readonly FaultListItem[];
  readonly 'x-medkit'?: FaultListXMedkit | null | undefined;
}

/** Query of one page of the list. */
export interface FaultPageQuery {
  readonly limit: number;
  readonly status?: FaultFilter;
  readonly include_muted?: boolean;
  readonly include_clusters?: boolean;
  readonly cursor?: string;
}

/**
 * Reads the list page by page, up to `MAX_FAULTS`. Throws errors of `ask`, and the reason of `signal` if it is aborted.
 */
export async function loadAllFaults(
  ask: (query: FaultPageQuery) => Promise<FaultPage>,
  { status, withMuted }: FaultSelection,
  signal: AbortSignal,
): Promise<AllFaults> {
  const faults: FaultListItem[] = [];
  let first: FaultListXMedkit | undefined;
  let cursor: string | undefined;
  do {
    signal.throwIfAborted();
    const list = await ask({
      limit: PAGE,
      ...(status && { status }),
      ...(withMuted && { include_muted: true, include_clusters: true }),
      ...(cursor !== undefined && { cursor }),
    });
    const about = list['x-medkit'] ?? undefined;
    first ??= about;
    cursor = about?.next_cursor ?? undefined;
    for (const fault of list.items) faults.push(fault);
  } while (cursor !== undefined && faults.length < MAX_FAULTS);
  return {
    faults,
    isCut: cursor !== undefined,
    muted: first?.muted_faults ?? [],
    clusters: first?.clusters ?? [],
    about: first,
  };
}
