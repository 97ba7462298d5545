import { kindOfCollection } from '@medkit/contract';
import {
  type EntityRef,
  fieldsOf,
  type JsonObject,
  type JsonValue,
  type Model,
  type ObservedFault,
} from '@medkit/core';
import type { RemoteFault, RemoteFaultSource } from '@medkit/triggers';
import { observedEvent } from '../fault-stream/fault-feed.ts';
import type { ObservedLogs } from '../fault-stream/observed-logs.ts';

/** Fault events of peers, for triggers. */
export function remoteFaultSource(model: Pick<Model, 'tree'>, observed: ObservedLogs): RemoteFaultSource {
  const named = (event: ObservedFault): RemoteFault | undefined => {
    const translated = observedEvent(model.tree, event, event.news[0] ?? 'fault_updated') as JsonObject;
    const entity = entityIn(translated['x-medkit']);
    const item = fieldsOf(translated['fault']);
    return entity && item && { origin: event.origin, entity, item: item as JsonObject, news: event.news };
  };
  return {
    listen: (onFault) =>
      observed.listen(
        (event) => {
          const fault = named(event);
          if (fault) onFault(fault);
        },
        // Triggers are not notified of lost events.
        () => undefined,
      ),
  };
}

/**
 * Returns the entity that an event names, as `{"entity_type": "apps", "entity_id": "arm"}`; a peer may send any value.
 */
function entityIn(facts: JsonValue | undefined): EntityRef | undefined {
  const { entity_type, entity_id: id } = fieldsOf(facts) ?? {};
  const kind = typeof entity_type === 'string' ? kindOfCollection(entity_type) : undefined;
  return kind !== undefined && typeof id === 'string' ? { kind, id } : undefined;
}
