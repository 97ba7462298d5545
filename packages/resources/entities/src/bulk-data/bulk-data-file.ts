import { SovdError } from '@medkit/contract';
import type { Entity, FileSource } from '@medkit/core';

/** A file to download. */
export interface BulkDataFile extends FileSource {
  readonly mimetype: string;
}

/** Creates the error for an item that does not exist or belongs to another entity. */
export function noSuchItem(entity: Pick<Entity, 'id'>, itemId: string): SovdError {
  return new SovdError({
    code: 'resource-not-found',
    message: 'Bulk-data not found for this entity',
    parameters: { entity_id: entity.id, bulk_data_id: itemId },
  });
}
