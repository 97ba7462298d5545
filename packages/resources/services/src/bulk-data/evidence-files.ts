import type { BulkDataDescriptorList } from '@medkit/contract';
import type { CallContext, Entity } from '@medkit/core';
import type { BulkDataFile } from './bulk-data-file.ts';

/** A category that the faults of an entity fill, and nobody else. Every call throws `SovdError`. */
export interface EvidenceFiles {
  list(entity: Entity, call: CallContext): Promise<BulkDataDescriptorList>;
  file(entity: Entity, id: string, call: CallContext): Promise<BulkDataFile>;
}
