import type { FaultListItem, FaultListResult } from '@medkit/contract';
import { LOCAL, type Model, type Origin } from '@medkit/core';
import { faultStreamEvent } from '@medkit/faults';
import { type Occurrence, occurrenceOf } from '@medkit/incidents';
import { directPeer, observedEvent } from '../fault-stream/fault-feed.ts';
import { eventTypesOf, type SourcedFaultEvent } from '../fault-stream/fault-source.ts';
import { relatedEntities } from './related-entities.ts';

/** Converts reported faults to occurrences. */
export interface FaultReader {
  /** Returns the occurrence of an event from the log of `origin`; `undefined` if the fault was never confirmed. */
  ofEvent(event: SourcedFaultEvent, origin: Origin): Occurrence | undefined;
  /** Returns the occurrences of a list, with their causes. */
  ofList(list: FaultListResult): readonly Occurrence[];
}

export interface FaultReaderOptions {
  readonly model: Pick<Model, 'tree'>;
  /** Returns by how many milliseconds a gateway's clock is ahead of the local one. */
  readonly aheadOf: (origin: Origin) => number;
  /** Returns whether a fault with this code blocks the robot while it is active. */
  readonly isBlocking: (code: string) => boolean;
}

export function faultReader({ model, aheadOf, isBlocking }: FaultReaderOptions): FaultReader {
  const occurrence = (item: FaultListItem, origin: Origin, sequence?: number): Occurrence | undefined => {
    // A fault of an unknown reporter is listed at its host, and is not related to the host's other entities.
    const isHeld = item.entity_type !== 'app' && (item['x-medkit']?.absent_sources ?? []).length > 0;
    const { entity_type: kind, entity_id: id } = isHeld ? {} : item;
    const related = kind && id ? relatedEntities(model.tree, kind, id) : [];
    const found = occurrenceOf({
      item: isHeld ? { ...item, entity_type: undefined, entity_id: undefined } : item,
      origin,
      aheadMs: aheadOf(origin),
      related,
      ...(sequence !== undefined && { sequence }),
    });
    return found && isBlocking(found.code) ? { ...found, blocksMotion: true } : found;
  };
  return {
    ofEvent: (event, origin) => {
      const [type] = eventTypesOf(event);
      if (!type) return undefined;
      const item =
        'news' in event
          ? (observedEvent(model.tree, event, type) as { readonly fault: FaultListItem }).fault
          : faultStreamEvent(model.tree, event, type, origin).fault;
      const direct = directPeer(origin);
      // The log of a gateway behind a peer has its own numbers.
      const sequence = direct === origin && eventTypesOf(event).includes('fault_confirmed') ? event.id : undefined;
      return occurrence(item, direct, sequence);
    },
    ofList: (list) => {
      const about = list['x-medkit'];
      const clusters = new Map<string, string>();
      const causes = new Map<string, Occurrence['cause']>();
      if (about && 'clusters' in about) {
        for (const { cluster_id, first_at, fault_codes, origins } of about.clusters ?? []) {
          for (const [at, code] of fault_codes.entries()) {
            clusters.set(`${origins?.[at] ?? LOCAL} ${code}`, `${cluster_id} ${first_at}`);
          }
        }
      }
      if (about && 'muted_faults' in about) {
        for (const { fault_code, origin, root_cause_code, root_cause_origin, rule_id } of about.muted_faults ?? []) {
          const mutedOrigin = origin ?? LOCAL;
          const cause = { origin: root_cause_origin ?? mutedOrigin, code: root_cause_code, ruleId: rule_id };
          causes.set(`${mutedOrigin} ${fault_code}`, cause);
        }
      }
      return list.items.flatMap((item) => {
        const origin = originOf(item);
        const found = occurrence(item, origin);
        if (!found) return [];
        const clusterId = clusters.get(`${origin} ${found.code}`);
        const cause = found.cause ?? causes.get(`${origin} ${found.code}`);
        return [{ ...found, ...(clusterId !== undefined && { clusterId }), ...(cause && { cause }) }];
      });
    },
  };
}

/** Returns the gateway of a list item; `local` if it names none. */
function originOf(item: FaultListItem): Origin {
  const about: unknown = item['x-medkit'];
  const origin = typeof about === 'object' && about !== null && 'origin' in about ? about.origin : undefined;
  return typeof origin === 'string' ? directPeer(origin) : LOCAL;
}
