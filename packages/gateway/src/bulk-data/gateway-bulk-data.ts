import type { Model } from '@medkit/core';
import type { Clock, Files, Random, WritableFiles } from '@medkit/edges';
import { type BulkDataService, BulkDataStore, createBulkDataService } from '@medkit/entities';
import { createRecordingService, createSnapshotService } from '@medkit/faults';
import type { GatewayConfig } from '../config/index.ts';

export interface BulkDataSources {
  readonly config: Pick<GatewayConfig, 'bulk_data' | 'data_dir'>;
  readonly model: Model;
  readonly clock: Clock;
  readonly random: Random;
  readonly storage: Files & WritableFiles;
}

/** Opens the uploaded files, beside the recordings and snapshots of faults. Removes unfinished uploads. */
export async function gatewayBulkData(sources: BulkDataSources): Promise<BulkDataService> {
  const { config, model, clock, storage, random } = sources;
  const { storage_dir, categories, max_upload_size, max_total_size } = config.bulk_data;
  const store = new BulkDataStore({
    folder: storage_dir || `${config.data_dir}/bulk_data`,
    files: storage,
    clock,
    random,
    maxFileBytes: max_upload_size,
    maxTotalBytes: max_total_size,
  });
  await store.clean();
  const evidence = {
    rosbags: createRecordingService({ model, clock }),
    snapshots: createSnapshotService({ model, clock }),
  };
  return createBulkDataService({ model, store, evidence, categories });
}
