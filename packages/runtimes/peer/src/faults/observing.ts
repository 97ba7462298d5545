import {
  type CallContext,
  cursorText,
  LOCAL,
  type ObservedFault,
  type ObserveProvider,
  type Origin,
} from '@medkit/core';
import { FROM_NOW, faultStream } from './fault-stream.ts';
import { type FollowOptions, followFaults } from './follow-faults.ts';
import { logOf, observedFault } from './observed-fault.ts';

export interface ObservingOptions
  extends Pick<FollowOptions, 'link' | 'clock' | 'random' | 'timeoutMs' | 'alreadyFollowed' | 'onAvailable' | 'isNew'> {
  /** Returns what is known about the gateway while it is online. */
  readonly followedGateway: () => ReturnType<FollowOptions['followedGateway']>;
  /** Aborted when no further events may be reported. */
  readonly closing: AbortSignal;
}

/** Reports fault events of a gateway. A request on behalf of a gateway does not follow that gateway again. */
export function observing(options: ObservingOptions): ObserveProvider {
  const { clock, followedGateway, closing, isNew } = options;
  /** The last events of a gateway that cannot be queried for past ones. */
  let recent: readonly ObservedFault[] = [];
  return {
    follow: (_nativeId, follower, { signal, via }) => {
      const ended = new AbortController();
      const current = (): ReturnType<FollowOptions['followedGateway']> => {
        const gateway = followedGateway();
        return gateway && !via.includes(gateway.instance) ? gateway : undefined;
      };
      const following = followFaults(
        {
          ...options,
          via,
          signal: AbortSignal.any([signal, closing, ended.signal]),
          followedGateway: current,
          keep: (events) => {
            recent = events;
          },
        },
        follower,
      );
      return {
        close: async () => {
          ended.abort();
          await following;
        },
      };
    },
    faultsAfter: async (_nativeId, origin, id, limit, call) => {
      const gateway = followedGateway();
      if (gateway?.isMarking === false) return recent.filter((event) => event.id > id).slice(0, limit);
      return gateway ? pageOf(options, gateway, { origin, id, limit }, call) : Promise.reject(away(options));
    },
  };

  async function pageOf(
    { link, alreadyFollowed }: ObservingOptions,
    gateway: NonNullable<ReturnType<FollowOptions['followedGateway']>>,
    { origin, id, limit }: { readonly origin: Origin; readonly id: number; readonly limit: number },
    { deadlineMs, signal, via }: CallContext,
  ): Promise<readonly ObservedFault[]> {
    const log = logOf(origin, gateway.name);
    const seen = new Map([[LOCAL, FROM_NOW]]).set(log, id);
    const timeoutMs = Math.max(1, Math.ceil(deadlineMs - clock.monotonicMs()));
    const events: ObservedFault[] = [];
    for await (const parts of faultStream({
      link,
      clock,
      lastId: cursorText(seen),
      alreadyFollowed,
      via,
      timeoutMs,
      signal,
    })) {
      for (const part of parts) {
        if ('mark' in part) return events;
        const event = 'data' in part ? observedFault(part, gateway) : undefined;
        if (event?.origin === origin && isNew(event) && events.push(event) === limit) return events;
      }
    }
    return events;
  }
}

function away({ link }: ObservingOptions): Error {
  return link.unavailable('it is not available');
}
