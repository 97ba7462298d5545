import type { Warning } from '@medkit/core';
import type { AdapterFacts, NotUnderstoodParticipant, NotUnderstoodReason } from '@medkit/ros2';

/** Sources that one warning names; further ones are counted. */
const MAX_NAMED = 5;

/** Why nothing is visible of discovered participants, and the remedy. Security has a separate warning. */
const ADVICE: Readonly<Record<Exclude<NotUnderstoodReason, 'secured'>, (facts: AdapterFacts) => string>> = {
  malformed: () =>
    'send announcements that cannot be decoded. Update their DDS implementation; if that does not help, report it with a recording of the traffic.',
  'protocol-version': () =>
    'use a major version of RTPS other than 2. Use a current DDS implementation, or move other programs to other ports.',
  'other-domain': ({ domainId }) =>
    `belong to another domain, although they use the ports of domain ${domainId}. Set the same ROS_DOMAIN_ID for both, or remove the ports from their DDS configuration.`,
  'domain-tag': () =>
    'use a domain tag, which separates them from all other participants. Remove it from their DDS configuration (Cyclone DDS: Discovery/Tag).',
  unreachable: ({ interfaces }) =>
    `announce no UDP address that can be reached from ${interfaces.join(', ') || 'here'}. They use only shared memory or TCP, or are in a ` +
    'container or on a separate network: connect them to the host network, or medkit to their network.',
  capacity: () => 'exceed the number of participants that medkit stores. Use separate domains for unrelated robots.',
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
            message: `Discovered DDS participants (${named(sources)}) ${ADVICE[reason](facts)}`,
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
    `A Fast DDS Discovery Server is in use (${servers} servers and ${clients} clients were discovered). Its clients announce themselves ` +
    'only to that server, which medkit cannot query, so nodes are missing: start the nodes without ROS_DISCOVERY_SERVER.';
  return [{ code: 'discovery_server', message }];
}

function security({ securedParticipants }: AdapterFacts): readonly Warning[] {
  if (securedParticipants === 0) return [];
  const message =
    `${securedParticipants} DDS participants use security (SROS2), which medkit does not support: their protected topics and services are not visible. ` +
    'Start them without ROS_SECURITY_ENABLE, or allow unauthenticated participants in their governance document.';
  return [{ code: 'security', message }];
}
