import type { MeasuredPeer } from '@medkit/contract';
import { useEffect, useRef } from 'react';
import { useRoute } from '../gateway/gateway.ts';
import { refreshAll } from '../live/query-refresh.ts';
import { texts } from '../texts/texts.ts';
import { clockTime, timeMs } from '../time/times.ts';

/** Refresh interval. A gateway has 1 s to answer, so a silent gateway is named after 3.5 s at most. */
const EVERY_MS = 2500;

/** Names the gateways that do not answer, on every page, because all lists and counts lack their contributions. */
export function SilentGateways() {
  const peers = useRoute('listPeers', {});
  return peers.data?.items.length ? <PolledGateways /> : null;
}

function PolledGateways() {
  const peers = useRoute('listPeers', {}, { everyMs: EVERY_MS }).data?.items ?? [];
  const expected = peers.filter(({ status }) => status !== 'pending');
  const silent = expected.filter(isSilent);
  const names = silent.map(({ name }) => name).join();
  const before = useRef(names);
  useEffect(() => {
    if (before.current === names) return;
    before.current = names;
    // No event reports that lists changed because a gateway went silent or returned.
    refreshAll();
  }, [names]);
  if (silent.length === 0) return null;
  const all = expected.length + 1;
  return (
    <p role="status" className="partial">
      {texts.region.silentGateways(all - silent.length, all, silent.map(nameSince).join(', '))}
    </p>
  );
}

/** Returns whether a gateway is expected to answer but did not answer the last request. */
export function isSilent({ status, round_trip_ms }: MeasuredPeer): boolean {
  return status === 'offline' || (status === 'online' && typeof round_trip_ms !== 'number');
}

function nameSince({ name, last_seen }: MeasuredPeer): string {
  const ms = timeMs(last_seen);
  return ms === undefined ? texts.region.neverAnswered(name) : texts.region.silentSince(name, clockTime(ms));
}
