import type { Warning } from '@medkit/core';
import type { AdapterFacts, NotUnderstoodParticipant, NotUnderstoodReason } from '@medkit/ros2';

/** Sources that one warning names; further ones are counted. */
const MAX_NAMED = 5;

/** Why nothing is visible of discovered participants, and the remedy. Security has a separate warning. */
const ADVICE: Readonly<Record<Exclude<NotUnderstoodReason, 'secured'>, (facts: AdapterFacts) => string>> = {
  malformed: () =>
    'announce themselves in a way that cannot be read. Update their DDS; if that does not help, report it with a recording of the traffic.',
  'protocol-version': () =>
    'speak another major version of RTPS than 2. Use ROS 2 with a DDS of today, or keep other programs off these ports.',
  'other-domain': ({ domainId }) =>
    `belong to another domain, though they use the ports of domain ${domainId}. Give both the same ROS_DOMAIN_ID, or remove the ports from their DDS configuration.`,
  'domain-tag': () =>
    'use a domain tag, which keeps them among themselves. Remove it from their DDS configuration (Cyclone DDS: Discovery/Tag).',
  unreachable: ({ interfaces }) =>
    `announce no UDP address that can be reached from ${interfaces.join(', ') || 'here'}. They use shared memory or TCP alone, or are in a ` +
    'container or on a network of their own: give them the network of the host, or medkit an interface on theirs.',
  capacity: () =>
    'are more than medkit keeps. Give robots that have nothing to do with each other domains of their own.',
};

/** Warnings about participants that are partly or entirely hidden. */
export function participantWarnings(facts: AdapterFacts): readonly Warning[] {
  return [...notUnderstood(facts), ...discoveryServer(facts), ...security(facts)];
}

function notUnderstood(facts: AdapterFacts): readonly Warning[] {
  const byReason = Map.groupBy(facts.notUnderstood, ({ reason }) => reason);
  return [...byReason].flatMap(([reason, sources]) =>
    reason === 'secured'
      ? []
      : [
          {
            code: 'participants_not_understood',
            message: `DDS participants that are heard (${named(sources)}) ${ADVICE[reason](facts)}`,
          },
        ],
  );
}

function named(sources: readonly NotUnderstoodParticipant[]): string {
  const names = [...Map.groupBy(sources, ({ vendor, address }) => `${vendor} at ${address}`)].map(
    ([name, { length }]) => (length === 1 ? name : `${length} × ${name}`),
  );
  const more = names.length - MAX_NAMED;
  return names.slice(0, MAX_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function discoveryServer({ discoveryServer: { servers, clients } }: AdapterFacts): readonly Warning[] {
  if (servers + clients === 0) return [];
  const message =
    `A Fast DDS Discovery Server is in use (${servers} servers and ${clients} clients are heard). Its clients announce themselves ` +
    'to it alone and medkit cannot ask it, so nodes are missing: start them without ROS_DISCOVERY_SERVER.';
  return [{ code: 'discovery_server', message }];
}

function security({ securedParticipants }: AdapterFacts): readonly Warning[] {
  if (securedParticipants === 0) return [];
  const message =
    `${securedParticipants} DDS participants use security (SROS2), which medkit does not speak: what they protect cannot be seen. ` +
    'Start them without ROS_SECURITY_ENABLE, or let their governance admit unauthenticated participants.';
  return [{ code: 'security', message }];
}
