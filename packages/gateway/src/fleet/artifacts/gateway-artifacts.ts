import { join, resolve } from 'node:path';
import { SovdError, UPDATE_ID, type UpdateArtifact } from '@medkit/contract';
import { errorMessage } from '@medkit/core';
import type { Clock, Files, WritableFiles } from '@medkit/edges';
import { type ArtifactPart, ArtifactTransfers } from '@medkit/updates/transfer';
import type { GatewayConfig } from '../../config/index.ts';
import { answered } from '../fleet-replies.ts';
import { type ArtifactSinkOptions, artifactSink } from './artifact-sink.ts';

/** Interval of the comparison of blobs and record. */
const COMPARE_MS = 86_400_000;
const MEBIBYTE = 1024 * 1024;

/** The artifacts of a hub. */
export interface GatewayArtifacts {
  /** Receives a part of an artifact, one part of an account at a time. */
  receive(name: string, part: ArtifactPart): Promise<UpdateArtifact>;
  remove(name: string): Promise<void>;
  close(): void;
}

export interface GatewayArtifactsOptions extends ArtifactSinkOptions {
  readonly config: Pick<GatewayConfig, 'data_dir' | 'updates'>;
  readonly files: Files & WritableFiles;
  readonly clock: Clock;
}

/** Opens the artifacts of a hub. Continues incomplete transfers of an earlier process. */
export async function gatewayArtifacts(options: GatewayArtifactsOptions): Promise<GatewayArtifacts> {
  const { config, files, clock, log, artifacts } = options;
  const sink = artifactSink(options);
  const transfers = new ArtifactTransfers({
    ...{ sink, files, clock, log },
    folder: join(resolve(config.data_dir), 'artifact-parts'),
    maxBytes: config.updates.max_size_mb * MEBIBYTE,
  });
  await transfers
    .start()
    .catch((error) => log('warn', `Leftover transfers of artifacts could not be removed: ${errorMessage(error)}`));
  const comparing = clock.every(COMPARE_MS, () => {
    sink
      .compare()
      .catch((error) => log('error', `the hub cannot compare its artifacts with their record: ${errorMessage(error)}`));
  });
  /** Accounts of which a request stores bytes. */
  const sending = new Set<string>();
  return {
    receive: async (name, part) => {
      assertName(name);
      await answered(() => artifacts.admit({ name, sha256: part.sha256, bytes: part.total }));
      const { by, bytes } = part;
      if (!bytes) return transfers.receive(name, part);
      if (sending.has(by)) throw busy(by);
      sending.add(by);
      try {
        return await transfers.receive(name, part);
      } finally {
        sending.delete(by);
      }
    },
    remove: async (name) => {
      assertName(name);
      await sink.remove(name);
    },
    close: () => {
      comparing.cancel();
      transfers.close();
    },
  };
}

/** The name becomes a path of the folder of incomplete transfers. */
function assertName(name: string): void {
  if (UPDATE_ID.test(name)) return;
  const message = 'The name of an artifact is the id of its update: characters of A-Z a-z 0-9 . _ -, not . first';
  throw new SovdError({ code: 'invalid-parameter', message, parameters: { parameter: 'artifact' } });
}

function busy(by: string): SovdError {
  const message = `Another request of ${by} sends an artifact: try again when it has ended`;
  return new SovdError({ code: 'x-medkit-update-in-progress', message });
}
