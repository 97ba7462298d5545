import { PEER_HEADERS, SovdError } from '@medkit/contract';
import { notWitnessed } from '../../audit/not-witnessed.ts';
import { done } from '../../http/answer.ts';
import type { Guard } from '../../http/chain.ts';
import type { Exchange } from '../../http/exchange.ts';
import { peerPlaces } from '../forwarding/peer-places.ts';
import { mergedRecords } from './merged-records.ts';
import type { AuditLogSources } from './request-audit-log.ts';
import { verifyLogs } from './verify-logs.ts';

export interface MergedAuditOptions extends AuditLogSources {
  /** Instance name of this gateway. */
  readonly gateway: string;
}

/**
 * Merges the audit logs of all gateways, each in its own order, and has each gateway verify its own log. Names gateways
 * that do not respond.
 */
export function mergedAuditGuard(options: MergedAuditOptions): Guard {
  return ({ operationId }, handler) => {
    const merged = MERGED_HANDLERS[operationId];
    if (!merged) return handler;
    return (exchange) => {
      const isAlone = PEER_HEADERS.localOnly in exchange.headers || peerPlaces(options.model).length === 0;
      if (isAlone) return handler(exchange);
      if (exchange.call().via.includes(options.gateway)) throw cameBack();
      return merged(options, exchange);
    };
  };
}

type MergedHandler = (logs: AuditLogSources, exchange: Exchange) => Promise<unknown>;

const MERGED_HANDLERS: Readonly<Record<string, MergedHandler>> = {
  listAuditRecords: mergedRecords,
  verifyAuditLog: verifyLogs,
  acceptAuditLog: accepted,
};

/** The sender already has this gateway's log: to other gateways it reports none. */
function cameBack(): SovdError {
  return new SovdError({
    code: 'resource-not-found',
    message: 'The request came back to this gateway, whose log was already read',
  });
}

async function accepted({ witnesses }: AuditLogSources, { path: { gateway = '' } }: Exchange): Promise<unknown> {
  if (await witnesses.forget(gateway)) return done();
  throw notWitnessed(gateway);
}
