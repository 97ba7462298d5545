import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { errorMessage, type Log } from '@medkit/core';
import type { Files, Random, WritableFiles } from '@medkit/edges';

const NAME_LENGTH = 12;
const NUMBER = /^[0-9a-f]{32}$/;

/** Identifies the machine of the gateway. */
export interface Machine {
  readonly hostname: string;
  /** MAC addresses of its network interfaces. */
  readonly macs: readonly string[];
}

export interface GatewayInstanceOptions {
  /** The data folder: absolute. */
  readonly folder: string;
  readonly files: Pick<Files, 'readText'> & Pick<WritableFiles, 'remove' | 'write'>;
  readonly random: Pick<Random, 'bytes'>;
  readonly machine: Machine;
  readonly log: Log;
}

/**
 * Returns the instance name of a gateway: unique among peers and stable across restarts, so that a peer that reaches it
 * over two paths recognises it. It is derived from a number in its data folder and from the machine, so an image copied
 * to another robot is another gateway there. If the folder is not writable, the name changes with every run.
 */
export async function gatewayInstance(options: GatewayInstanceOptions): Promise<string> {
  const { folder, machine } = options;
  const parts = [await storedNumber(options), machine.hostname, ...machine.macs.toSorted(), folder];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, NAME_LENGTH);
}

async function storedNumber({ folder, files, random, log }: GatewayInstanceOptions): Promise<string> {
  const file = join(folder, 'gateway.id');
  const fresh = Buffer.from(random.bytes(16)).toString('hex');
  try {
    const stored = (await files.readText(file))?.trim() ?? '';
    if (NUMBER.test(stored)) return stored;
    await files.remove(file);
    await files.write(file, oneChunk(`${fresh}\n`));
  } catch (error) {
    log(
      'warn',
      `Cannot store the identity of this gateway in ${file}, so other gateways will treat it as a new gateway after a restart: ${errorMessage(error)}`,
    );
  }
  return fresh;
}

async function* oneChunk(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text);
}
