import type { BulkDataDescriptorList } from '@medkit/contract';
import type { CallContext, Entity } from '@medkit/core';
import type { BulkDataFile } from './bulk-data-file.ts';

/** A category that only the faults of an entity fill. Every call throws `SovdError`. */
export interface EvidenceFiles {
  list(entity: Entity, call: CallContext): Promise<BulkDataDescriptorList>;
  file(entity: Entity, id: string, call: CallContext): Promise<BulkDataFile>;
}
