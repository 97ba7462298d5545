import { type AuditVerification, type AuditWitness, PEER_PATHS, type PeerAuditVerification } from '@medkit/contract';
import { fieldsOf, type JsonValue, LOCAL, type Origin } from '@medkit/core';
import { ask, failedMembers } from '@medkit/entities';
import type { Exchange } from '../../http/exchange.ts';
import { nestedOrigin } from '../../peer-names/nested-origin.ts';
import { peerRefusal } from '../aggregates/collect-lists.ts';
import { uniqueGateways } from '../aggregates/unique-gateways.ts';
import { type PartPlace, peerPlaces } from '../forwarding/peer-places.ts';
import type { ChainWitness, ChainWitnesses } from './chain-witnesses.ts';
import { failedGateways } from './remote-audit-log.ts';
import {
  type AuditLogRequest,
  type AuditLogSources,
  newestLink,
  parseChainLink,
  requestAuditLog,
} from './request-audit-log.ts';

/** Timeout for a peer that verifies its log; half of it for a gateway behind it, and so on. */
const WALK_MS = 8000;

interface PeerVerdicts {
  readonly verdicts: readonly PeerAuditVerification[];
  readonly failed: readonly Origin[];
}

/** Verifies the log of this gateway, asks each peer to verify its own, and compares it with its witness. */
export async function verifyLogs(logs: AuditLogSources, exchange: Exchange): Promise<AuditVerification> {
  const { audit, model, clock, witnesses } = logs;
  const call = exchange.call();
  const { places, requestTo } = uniqueGateways(model.tree, {
    places: peerPlaces(model),
    request: exchange.forwarded(undefined),
  });
  const local = { origin: LOCAL, place: undefined };
  const owners = [local, ...places.map((place) => ({ origin: place.origin, place }))];
  const question = { owners, clock, call, budget: { remoteMs: WALK_MS / 2 ** call.via.length, share: 1 } };
  const walked = audit.verify();
  const gathered = ask(question, async ({ place }, within): Promise<readonly PeerVerdicts[]> => {
    if (!place) return [];
    const options = { headers: requestTo(place).headers, call: within };
    const document = await requestAuditLog(place, { ...options, path: PEER_PATHS.auditVerification });
    if (document === undefined) return [];
    return [verdictsOf(document, place.origin, await checkWitness(place, witnesses, options))];
  });
  const [verdict, { entries, silent }] = await Promise.all([walked, gathered]);
  const peerVerdicts = entries.map(({ entry }) => entry);
  const missing = silent.flatMap(({ owner: { place }, error }) => (place ? [{ owner: place, error }] : []));
  const failed = [...missing.map(({ owner }) => owner.origin), ...peerVerdicts.flatMap((each) => each.failed)];
  return {
    ...verdict,
    gateways: distinct(peerVerdicts.flatMap(({ verdicts }) => verdicts)),
    ...(failed.length > 0 && { 'x-medkit': { partial: true, ...failedMembers(missing), failed_peers: failed } }),
  };
}

/** Checks that the log of a gateway continues from its witness. Throws `x-medkit-peer-unavailable`. */
export async function checkWitness(
  place: Pick<PartPlace, 'origin' | 'provider'>,
  witnesses: ChainWitnesses,
  question: AuditLogRequest,
): Promise<ChainWitness | undefined> {
  const before = await witnesses.of(place.origin);
  const newest = await newestLink(place, question);
  const isBehind = before && newest && newest.id > before.id;
  const same = isBehind ? await newestLink(place, { ...question, query: { cursor: String(before.id + 1) } }) : newest;
  return witnesses.compare(place.origin, before, { newest, same });
}

function verdictsOf(document: JsonValue, peer: string, witness: ChainWitness | undefined): PeerVerdicts {
  const direct = verdictOf(document, peer);
  if (!direct) throw peerRefusal(peer, 200, 'its verdict is invalid');
  const { gateways, 'x-medkit': about } = fieldsOf(document) ?? {};
  const others = (Array.isArray(gateways) ? (gateways as readonly JsonValue[]) : []).flatMap((each) => {
    const origin = nestedOrigin(fieldsOf(each)?.['origin'], peer);
    const verdict = origin === undefined ? undefined : verdictOf(each, origin);
    const known = witnessOf(fieldsOf(each)?.['witness']);
    return verdict ? [{ ...verdict, ...(known && { witness: known }) }] : [];
  });
  return {
    verdicts: [{ ...direct, ...(witness && { witness: witnessView(witness) }) }, ...others],
    failed: failedGateways(fieldsOf(about), peer),
  };
}

function verdictOf(document: JsonValue, origin: Origin): PeerAuditVerification | undefined {
  const { intact, checked, bad_record, problem, head } = fieldsOf(document) ?? {};
  if (typeof intact !== 'boolean' || typeof checked !== 'number' || !Number.isSafeInteger(checked)) return undefined;
  const newest = parseChainLink(head);
  return {
    origin,
    intact,
    checked,
    ...(typeof bad_record === 'number' && Number.isSafeInteger(bad_record) && { bad_record }),
    ...(typeof problem === 'string' && { problem }),
    ...(newest && { head: newest }),
  };
}

function witnessOf(value: JsonValue | undefined): AuditWitness | undefined {
  const link = parseChainLink(value);
  const { seen_at, problem } = fieldsOf(value) ?? {};
  if (!link || typeof seen_at !== 'string' || Number.isNaN(Date.parse(seen_at))) return undefined;
  return { ...link, seen_at, ...(typeof problem === 'string' && { problem }) };
}

function witnessView({ id, hash, seenMs, problem }: ChainWitness): AuditWitness {
  return { id, hash, seen_at: new Date(seenMs).toISOString(), ...(problem !== undefined && { problem }) };
}

/** Removes duplicates: of a log that is reached over two paths, keeps the shorter one. */
function distinct(verdicts: readonly PeerAuditVerification[]): PeerAuditVerification[] {
  const known = new Set<string>();
  const steps = ({ origin }: PeerAuditVerification): number => origin.split('/').length;
  return verdicts
    .toSorted((a, b) => steps(a) - steps(b))
    .filter(({ head }) => {
      if (!head) return true;
      const key = `${head.id} ${head.hash}`;
      return !known.has(key) && known.add(key);
    });
}
