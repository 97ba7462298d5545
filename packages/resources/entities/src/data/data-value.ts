import type { DataValue } from '@medkit/contract';
import type { DataReading, DataWriteResult, Entity } from '@medkit/core';

/** Formats a reading for a reply; `id` is the id under which the client can read it again. */
export function readValue(entity: Entity, id: string, reading: DataReading): DataValue {
  const { value, terms, typeInfo, warnings = [] } = reading;
  return {
    id,
    ...(value === undefined ? { data: {} } : { data: value, value }),
    'x-medkit': {
      ...terms,
      entity_id: entity.id,
      ...(typeInfo && { type_info: typeInfo }),
      // A double represents it to 256 ns, which is finer than the clocks it comes from.
      timestamp: Number(reading.timestampNs),
      publisher_count: reading.publisherCount,
      subscriber_count: reading.subscriberCount,
      status: value === undefined ? 'metadata_only' : 'data',
      ...(warnings.length > 0 && { warnings: [...warnings] }),
    },
  };
}

/** Formats the reply to a write. */
export function writtenValue(entity: Entity, id: string, { value, terms, warnings = [] }: DataWriteResult): DataValue {
  return {
    id,
    data: value,
    value,
    'x-medkit': {
      ...terms,
      entity_id: entity.id,
      status: 'published',
      ...(warnings.length > 0 && { warnings: [...warnings] }),
    },
  };
}
