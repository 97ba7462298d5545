import { SovdError } from '@medkit/contract';
import type { Entity, FileSource } from '@medkit/core';

/** A file to be downloaded. */
export interface BulkDataFile extends FileSource {
  readonly mimetype: string;
}

/** What a client is told of an item that is not there, and of one that is not the entity's. */
export function noSuchItem(entity: Pick<Entity, 'id'>, itemId: string): SovdError {
  return new SovdError({
    code: 'resource-not-found',
    message: 'Bulk-data not found for this entity',
    parameters: { entity_id: entity.id, bulk_data_id: itemId },
  });
}
