import { resolve } from 'node:path';
import { errorMessage, type Log } from '@medkit/core';
import type { Files, Random, WritableFiles } from '@medkit/edges';
import type { GatewayConfig } from '../config/index.ts';
import { StartRefused } from '../listen.ts';

const SECRET_BYTES = 32;
const OWNER_ONLY = 0o600;
/** Permission bits of other users. */
const OTHERS = 0o077;

export interface FleetSecretOptions {
  readonly config: Pick<GatewayConfig, 'data_dir' | 'fleet'>;
  readonly files: Pick<Files, 'readText' | 'stateOf'> & Pick<WritableFiles, 'replaceText'>;
  readonly random: Pick<Random, 'bytes'>;
  readonly log: Log;
}

/**
 * Reads the secret of the hub, 32 bytes. Creates the default file if it is absent; a configured file must exist. Throws
 * `StartRefused` with the remedy.
 */
export async function fleetSecret({ config, files, random, log }: FleetSecretOptions): Promise<Uint8Array> {
  const { secret_file: configured } = config.fleet;
  const path = configured === '' ? resolve(config.data_dir, 'fleet.secret') : resolve(configured);
  try {
    const text = await files.readText(path, { regularOnly: true });
    if (text !== undefined) {
      const mode = (await files.stateOf(path))?.mode ?? OWNER_ONLY;
      if ((mode & OTHERS) !== 0) log('warn', `other users can read the secret of the fleet hub: run chmod 600 ${path}`);
      return parsed(text, path);
    }
    if (configured !== '') throw new StartRefused(`fleet.secret_file: ${path} does not exist`);
    const secret = random.bytes(SECRET_BYTES);
    await files.replaceText(path, `${Buffer.from(secret).toString('hex')}\n`, OWNER_ONLY);
    return secret;
  } catch (error) {
    if (error instanceof StartRefused) throw error;
    throw new StartRefused(`cannot use the secret of the fleet hub, ${path}: ${errorMessage(error)}`);
  }
}

function parsed(text: string, path: string): Uint8Array {
  const digits = text.trim();
  if (/^[0-9a-f]{64}$/i.test(digits)) return new Uint8Array(Buffer.from(digits, 'hex'));
  const remedy = 'restore the file, or create one with openssl rand -hex 32';
  throw new StartRefused(`${path} does not contain the secret of a fleet hub, 64 hexadecimal digits: ${remedy}`);
}
