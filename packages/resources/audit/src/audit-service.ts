import type { AuditRecord, AuditRecordList, AuditVerification } from '@medkit/contract';
import { ENTITY_KINDS, type Model } from '@medkit/core';
import { allLocalSources, faultHost, localSources } from '@medkit/faults';
import type { AuditArchive, AuditPage, AuditQuery, AuditWalk, FaultSources } from './audit-entry.ts';
import { auditItem } from './audit-item.ts';
import { type AuditParameters, auditQuery } from './audit-query.ts';

/** The audit log as the API serves it. Every call throws `SovdError`. */
export interface AuditService {
  list(parameters: AuditParameters): Promise<AuditRecordList>;
  /** Follows the matching records, oldest first. Throws `invalid-parameter` immediately. */
  tail(parameters: AuditParameters): AuditTail;
  verify(): Promise<AuditVerification>;
}

/** The stored records that match a search. */
export interface AuditTail {
  /** Returns up to `limit` records with a number above `id`. */
  eventsAfter(id: number, limit: number): Promise<AuditPage<AuditRecord>>;
  /** Returns the number that precedes the last `count` matching records. */
  beforeLast(count: number): Promise<number>;
}

/** Maximum reporter names in one search; a larger area has too many for one database query. */
const MAX_SOURCES = 1000;

/** Creates the audit service of a gateway. */
export function createAuditService(archive: AuditArchive, model: Pick<Model, 'tree'>): AuditService {
  let walk: Promise<AuditWalk> | undefined;
  // Uses local entities only: the log belongs to this gateway, and a node of another gateway may have the same name.
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
      // Asks for one more record than requested, to know whether another page follows.
      const found = await archive.find({ ...query, limit: query.limit + 1 });
      const page = found.slice(0, query.limit);
      const last = page.at(-1);
      return {
        items: page.map(auditItem),
        ...(last && found.length > page.length && { next_cursor: String(last.seq) }),
      };
    },
    tail: (parameters) => {
      // Resolves the reporters on every call: the members of an entity may change.
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
      // Verification reads all records, so concurrent callers share one run.
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
