import { EventReply } from '../http/event-reply.ts';
import type { Handlers } from '../http/exchange.ts';
import type { EventStreams } from '../sse/event-streams.ts';
import type { GatewayAudit } from './gateway-audit.ts';
import { notWitnessed } from './not-witnessed.ts';

type AuditHandlers = Pick<
  Handlers,
  'acceptAuditLog' | 'listAuditRecords' | 'listDeniedAccess' | 'streamAuditRecords' | 'verifyAuditLog'
>;

/** The handlers of the audit log. */
export function auditHandlers(
  { service, access, feeds }: Pick<GatewayAudit, 'access' | 'feeds' | 'service'>,
  streams: EventStreams,
): AuditHandlers {
  const open = feeds(streams);
  return {
    listAuditRecords: ({ query }) => service.list(query),
    streamAuditRecords: ({ query }) => new EventReply((seen) => open(query, seen)),
    verifyAuditLog: () => service.verify(),
    listDeniedAccess: () => access.table(),
    // With peers, this request is answered before it reaches the handler.
    acceptAuditLog: ({ path: { gateway = '' } }) => {
      throw notWitnessed(gateway);
    },
  };
}
