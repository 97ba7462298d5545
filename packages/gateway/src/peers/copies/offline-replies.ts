import { PEER_PATHS } from '@medkit/contract';
import { type ForwardReply, listedStatus, type Model } from '@medkit/core';
import { entitiesAt } from '@medkit/entities';
import { statusesOf } from '@medkit/faults';
import type { ReplyCache } from '@medkit/peer';
import type { FaultCopies, FaultCopy } from './fault-copies.ts';
import type { RecordingCopies } from './recording-copies.ts';
import { copiedRecordingReply, documentReply, withRecordings } from './recording-replies.ts';
import { withCopyTime } from './replica.ts';

const ITEM = /^\/faults\/([^/]+)$/;
/** Query parameters that copies support; others need the peer itself. */
const KNOWN = new Set(['status', 'include_muted', 'include_clusters']);

/** The copies of all peers. */
export interface Copies {
  readonly faults: FaultCopies;
  /** Absent if recordings are not copied. */
  readonly recordings: Pick<RecordingCopies, 'of' | 'files'> | undefined;
}

/**
 * Returns replies for a peer while it does not respond: its copied faults, with the time of each copy, and their
 * recordings.
 */
export function offlineReplies(model: Pick<Model, 'tree'>, { faults, recordings }: Copies, peer: string): ReplyCache {
  const among = (nativeId: string): readonly FaultCopy[] => {
    const all = faults.of(peer);
    if (nativeId === '') return all;
    const members = entitiesAt(model.tree, peer, nativeId).flatMap((entity) => model.tree.members(entity));
    const holders = new Set([
      nativeId,
      ...members.flatMap(({ addresses = [] }) =>
        addresses.flatMap((address) => (address.runtime === peer ? [address.nativeId] : [])),
      ),
    ]);
    return all.filter(({ holder }) => holders.has(holder));
  };
  const faultReply = async (nativeId: string, code: string): Promise<ForwardReply | undefined> => {
    const copy = among(nativeId).find((each) => each.code === decoded(code));
    const detail = copy && (await faults.detail(copy));
    if (!copy || !detail) return undefined;
    return documentReply(withCopyTime(recordings ? withRecordings(detail, recordings, peer) : detail, copy));
  };
  return {
    answer: (nativeId, request) => {
      const { path, query } = request;
      if (path === PEER_PATHS.faults) return listReply(peer, among(nativeId), new URLSearchParams(query));
      const [, code] = ITEM.exec(path) ?? [];
      if (code !== undefined) return faultReply(nativeId, code);
      return recordings && copiedRecordingReply(recordings, peer, among(nativeId), request);
    },
    entities: () => faults.of(peer).flatMap(({ entities }) => entities),
  };
}

function listReply(peer: string, copies: readonly FaultCopy[], wanted: URLSearchParams): ForwardReply | undefined {
  if ([...wanted.keys()].some((name) => !KNOWN.has(name))) return undefined;
  const statuses: readonly string[] = statusesOf(wanted.get('status') ?? undefined);
  const listed = copies.filter(({ item, isListed }) => isListed && statuses.includes(listedStatus(item)));
  if (copies.length === 0) return undefined;
  const items = listed.map((copy) => withCopyTime(copy.item, copy));
  return documentReply({ items, 'x-medkit': { count: items.length, partial: true, failed_peers: [peer] } });
}

/** Decodes a fault code in a path; returns an invalid one unchanged. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
