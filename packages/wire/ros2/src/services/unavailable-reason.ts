import type { AdapterContext } from '../adapter/context.ts';
import { vendorName } from '../graph/vendors.ts';
import { rosTypeName, serviceTypeOf } from '../names/type-names.ts';
import type { ServiceTopics } from './service-topics.ts';
import { styleOf } from './vendor-styles.ts';

/** Returns why a client has no server, according to the graph. */
export function unavailableReason(
  { participant }: AdapterContext,
  service: string,
  { requests }: ServiceTopics,
): string {
  const servers = participant
    .endpoints()
    .filter(({ kind, topicName }) => kind === 'reader' && topicName === requests.topicName);
  if (servers.length === 0) return `no node offers ${service}`;
  const sameType = servers.filter(({ typeName }) => typeName === requests.typeName);
  if (sameType.length === 0) return `${service} is offered as ${serviceTypeOf(rosTypeName(servers[0].typeName))}`;
  if (sameType.some(({ vendorId }) => styleOf(vendorId)))
    return `${service} is offered, but its server does not answer`;
  return `${service} is offered by ${vendorName(sameType[0].vendorId)}, whose service protocol medkit does not support`;
}
