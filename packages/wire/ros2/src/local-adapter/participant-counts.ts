import type { NotUnderstood, RemoteParticipant } from '@medkit/rtps';
import type { AdapterFacts, NotUnderstoodParticipant, ParticipantCount } from '../adapter/adapter.ts';
import { vendorName } from '../graph/vendors.ts';

/** Maximum kinds listed. A robot has two or three; versions come from the network and can be forged. */
const MAX_KINDS = 32;

/** The property in which Fast DDS announces a participant's discovery role, and its values for a Discovery Server. */
const ROLE = 'PARTICIPANT_TYPE';
const SERVER_ROLES: readonly string[] = ['SERVER', 'BACKUP'];
const CLIENT_ROLES: readonly string[] = ['CLIENT', 'SUPER_CLIENT'];

/** Returns counts of the announced participants by vendor, version, discovery role and security. */
export function participantCounts(
  participants: readonly RemoteParticipant[],
): Pick<AdapterFacts, 'participants' | 'discoveryServer' | 'securedParticipants'> {
  const having = (roles: readonly string[]) =>
    participants.filter(({ properties }) => roles.includes(properties[ROLE] ?? '')).length;
  return {
    participants: bounded(kindsOf(participants)),
    discoveryServer: { servers: having(SERVER_ROLES), clients: having(CLIENT_ROLES) },
    securedParticipants: participants.filter(({ secure }) => secure).length,
  };
}

export const notUnderstoodParticipants = (
  notUnderstood: readonly NotUnderstood[],
): readonly NotUnderstoodParticipant[] =>
  notUnderstood.map(({ address, vendorId, reason, count, lastReceivedAgoMs }) => ({
    address,
    vendor: vendorName(vendorId),
    reason,
    count,
    lastReceivedAgoMs,
  }));

function kindsOf(participants: readonly RemoteParticipant[]): readonly ParticipantCount[] {
  const kinds = new Map<string, ParticipantCount>();
  for (const { vendorId, version } of participants) {
    const key = `${vendorId} ${version}`;
    const count = (kinds.get(key)?.count ?? 0) + 1;
    kinds.set(key, { vendor: vendorName(vendorId), version, count });
  }
  const byName = (a: ParticipantCount, b: ParticipantCount) => `${a.vendor} ${a.version}` < `${b.vendor} ${b.version}`;
  return [...kinds.values()].sort((a, b) => b.count - a.count || (byName(a, b) ? -1 : 1));
}

function bounded(kinds: readonly ParticipantCount[]): readonly ParticipantCount[] {
  if (kinds.length <= MAX_KINDS) return kinds;
  const count = kinds.slice(MAX_KINDS).reduce((sum, kind) => sum + kind.count, 0);
  return [...kinds.slice(0, MAX_KINDS), { vendor: 'others', version: '', count }];
}
