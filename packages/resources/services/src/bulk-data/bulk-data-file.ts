import { SovdError } from '@medkit/contract';
import type { Entity } from '@medkit/core';
import type { OctetRange } from '@medkit/edges';

/** A file to be downloaded. */
export interface BulkDataFile {
  readonly name: string;
  readonly mimetype: string;
  /** Octets. */
  readonly size: number;
  /** Changes whenever the content does. */
  readonly tag: string;
  read(range?: OctetRange): AsyncIterable<Uint8Array>;
}

/** What a client is told of an item that is not there, and of one that is not the entity's. */
export function noSuchItem(entity: Pick<Entity, 'id'>, itemId: string): SovdError {
  return new SovdError({
    code: 'resource-not-found',
    message: 'Bulk-data not found for this entity',
    parameters: { entity_id: entity.id, bulk_data_id: itemId },
  });
}
