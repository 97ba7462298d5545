import type { AuditRecord, AuditRecordList, AuditVerification } from '@medkit/contract';
import { ENTITY_KINDS, type Model } from '@medkit/core';
import { allLocalSources, faultHost, localSources } from '../faults/fault-sources.ts';
import type { AuditArchive, AuditPage, AuditQuery, AuditWalk, FaultSources } from './audit-entry.ts';
import { auditItem } from './audit-item.ts';
import { type AuditParameters, auditQuery } from './audit-query.ts';

/** The audit log as clients see it. Every call throws `SovdError`. */
export interface AuditService {
  list(parameters: AuditParameters): Promise<AuditRecordList>;
  /** The records that fit, the oldest first, for whoever follows them. Throws `invalid-parameter` at once. */
  tail(parameters: AuditParameters): AuditTail;
  verify(): Promise<AuditVerification>;
}

/** The records of the log that fit a search, as they were written. */
export interface AuditTail {
  /** Up to `limit` of those behind record `id`. */
  eventsAfter(id: number, limit: number): Promise<AuditPage<AuditRecord>>;
  /** The number behind which the last `count` of them come. */
  beforeLast(count: number): Promise<number>;
}

/** Names of reporters that one search asks for at most: an area of more has too many for a database. */
const MAX_SOURCES = 1000;

/** The audit service of a gateway. */
export function createAuditService(archive: AuditArchive, model: Pick<Model, 'tree'>): AuditService {
  let walk: Promise<AuditWalk> | undefined;
  // The log is of this gateway: a node of another one may have the name of one here.
  const sourcesOf = (id: string): FaultSources => {
    const { tree } = model;
    const entities = ENTITY_KINDS.flatMap((kind) => tree.resolve(kind, id) ?? []);
    const sources = new Set(entities.flatMap((entity) => [...localSources(tree, entity)]));
    const host = faultHost(tree);
    const isHost = host && entities.some((entity) => entity === host || tree.members(entity).includes(host));
    return {
      sources: [...sources].slice(0, MAX_SOURCES),
      ...(isHost && { allButSources: [...allLocalSources(tree)] }),
    };
  };
  return {
    list: async (parameters) => {
      const query = auditQuery(parameters, sourcesOf);
      // One more than was asked for shows whether there are more.
      const found = await archive.find({ ...query, limit: query.limit + 1 });
      const shown = found.slice(0, query.limit);
      const last = shown.at(-1);
      return {
        items: shown.map(auditItem),
        ...(last && found.length > shown.length && { next_cursor: String(last.seq) }),
      };
    },
    tail: (parameters) => {
      // What belongs to an entity may be another set of reporters later on.
      const query = (limit: number): AuditQuery => ({ ...auditQuery(parameters, sourcesOf), limit });
      query(0);
      return {
        eventsAfter: async (id, limit) => {
          const { events, ...ends } = await archive.findAfter(id, query(limit));
          return { events: events.map(auditItem), ...ends };
        },
        beforeLast: async (count) => {
          const found = await archive.find(query(count));
          if (found.length === count) return (found.at(-1)?.seq ?? 1) - 1;
          return 0;
        },
      };
    },
    verify: async () => {
      // A walk through all records is work: one at a time, for all who ask.
      walk ??= archive.walk().finally(() => {
        walk = undefined;
      });
      const { intact, checked, badSeq, problem, head } = await walk;
      return {
        intact,
        checked,
        ...(badSeq !== undefined && { bad_record: badSeq }),
        ...(problem !== undefined && { problem }),
        ...(head && { head: { id: head.seq, hash: head.hash } }),
      };
    },
  };
}
