import { join, resolve } from 'node:path';
import { type Blobs, folderBlobs } from '@medkit/blobs';
import { errorMessage, type Log } from '@medkit/core';
import type { Clock, Files, WritableFiles } from '@medkit/edges';
import type { GatewayConfig } from '../../config/index.ts';
import { StartRefused } from '../../listen.ts';

export interface OpenBlobsOptions {
  readonly config: Pick<GatewayConfig, 'data_dir' | 'fleet'>;
  readonly files: Files & WritableFiles;
  readonly clock: Clock;
}

/**
 * Opens the store that `fleet.evidence` names: a folder, or a bucket, whose code is loaded only then. Sends nothing to the
 * server of a bucket: a hub also starts without it. Throws `StartRefused`.
 */
export async function openBlobs({ config, files, clock }: OpenBlobsOptions): Promise<Blobs> {
  const { evidence, evidence_key_file: keyFile } = config.fleet;
  if (!evidence.startsWith('s3://')) {
    const folder = evidence === '' ? join(resolve(config.data_dir), 'evidence') : resolve(evidence);
    return folderBlobs({ folder, files });
  }
  const [{ parseS3Address, parseS3Key, s3Blobs }, { systemHttpStreams }] = await Promise.all([
    import('@medkit/blobs/s3'),
    import('@medkit/edges/node/http-streams'),
  ]);
  const address = refusing('fleet.evidence', () => parseS3Address(evidence));
  if (keyFile === '') throw new StartRefused('fleet.evidence is a bucket: set fleet.evidence_key_file, too');
  const path = resolve(keyFile);
  const text = await files.readText(path, { regularOnly: true }).catch((error: unknown) => {
    throw new StartRefused(`fleet.evidence_key_file: cannot read ${path}: ${errorMessage(error)}`);
  });
  if (text === undefined) throw new StartRefused(`fleet.evidence_key_file: ${path} does not exist`);
  const key = refusing(`fleet.evidence_key_file: ${path}`, () => parseS3Key(text));
  return s3Blobs({ address, key, http: systemHttpStreams, clock });
}

/** Returns whether clients download from the server of the bucket. If there is none, logs it, and they do not. */
export function isRedirecting({ fleet }: Pick<GatewayConfig, 'fleet'>, log: Log): boolean {
  if (!fleet.evidence_redirect || fleet.evidence.startsWith('s3://')) return fleet.evidence_redirect;
  log(
    'error',
    'fleet.evidence_redirect is ignored: fleet.evidence is a folder, from which clients cannot download. Remove the setting, or set fleet.evidence to a bucket (s3://…)',
  );
  return false;
}

function refusing<T>(setting: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new StartRefused(`${setting}: ${errorMessage(error)}`);
  }
}
