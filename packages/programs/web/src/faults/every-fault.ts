import type { FaultCluster, FaultFilter, FaultListItem, FaultListXMedkit, MutedFault } from '@medkit/contract';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { gateway, queries } from '../gateway/gateway.ts';
import { onNews } from '../live/live.ts';

const EVERY_FAULT = 'every fault';
const PAGE = 1000;
/** What a page shows at most; a robot with more has other troubles. */
export const MAX_FAULTS = 10_000;
/** News come in showers, and a long list takes a while: it is asked for again when the one before has come. */
const SHOWER_MS = 250;

/** The faults of the whole robot, as far as a page shows them. */
export interface EveryFault {
  readonly faults: readonly FaultListItem[];
  /** There are more than are shown. */
  readonly isCut: boolean;
  readonly muted: readonly MutedFault[];
  readonly clusters: readonly FaultCluster[];
  readonly about: FaultListXMedkit | undefined;
}

interface Wanted {
  readonly status: FaultFilter | undefined;
  readonly withMuted: boolean;
  readonly enabled?: boolean;
}

async function askForAll({ status, withMuted }: Wanted): Promise<EveryFault> {
  const faults: FaultListItem[] = [];
  let first: FaultListXMedkit | undefined;
  let cursor: string | undefined;
  do {
    const query = {
      limit: PAGE,
      ...(status && { status }),
      ...(withMuted && { include_muted: true, include_clusters: true }),
      ...(cursor !== undefined && { cursor }),
    };
    const list = await gateway().call('listAllFaults', { query });
    const about: FaultListXMedkit | undefined = list['x-medkit'] ?? undefined;
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

/** Asks for all lists of faults that are shown; one that is on its way is not broken off, but asked for once more. */
export async function renewEveryFault(): Promise<void> {
  await queries.invalidateQueries({ queryKey: [EVERY_FAULT] }, { cancelRefetch: false });
}

/** The faults of the robot, page by page up to `MAX_FAULTS`, kept up to date by the news of the live stream. */
export function useEveryFault({ status, withMuted, enabled = true }: Wanted) {
  useEffect(() => {
    let isAtWork = false;
    let isDue = false;
    const renew = async (): Promise<void> => {
      isDue = true;
      if (isAtWork) return;
      isAtWork = true;
      while (isDue) {
        await new Promise((resolve) => setTimeout(resolve, SHOWER_MS));
        isDue = false;
        await renewEveryFault();
      }
      isAtWork = false;
    };
    return onNews((event) => {
      if (event === 'fault') void renew();
    });
  }, []);
  return useQuery<EveryFault, Error>({
    queryKey: [EVERY_FAULT, { status, withMuted }],
    queryFn: () => askForAll({ status, withMuted }),
    enabled,
  });
}
