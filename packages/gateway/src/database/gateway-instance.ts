import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type Log, reasonOf } from '@medkit/core';
import type { Files, Random, WritableFiles } from '@medkit/edges';

const NAME_LENGTH = 12;
const KEPT = /^[0-9a-f]{32}$/;

/** The machine that a gateway runs on, as far as no other one is like it. */
export interface Machine {
  readonly hostname: string;
  /** Addresses of its network interfaces. */
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
 * What a gateway is called among those that show each other: a name that no other one has, and that it keeps over its restarts, so
 * that who reaches it by two ways knows it for one by both. It is made of a number in its data folder and of the machine: an image
 * that was copied to another robot, with its data, is another gateway there. Where the folder takes no file the name is of this run alone.
 */
export async function gatewayInstance(options: GatewayInstanceOptions): Promise<string> {
  const { folder, machine } = options;
  const parts = [await keptNumber(options), machine.hostname, ...machine.macs.toSorted(), folder];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, NAME_LENGTH);
}

async function keptNumber({ folder, files, random, log }: GatewayInstanceOptions): Promise<string> {
  const file = join(folder, 'gateway.id');
  const fresh = Buffer.from(random.bytes(16)).toString('hex');
  try {
    const kept = (await files.readText(file))?.trim() ?? '';
    if (KEPT.test(kept)) return kept;
    await files.remove(file);
    await files.write(file, oneChunk(`${fresh}\n`));
  } catch (error) {
    log('warn', `Other gateways take this one for another after a restart: ${file} cannot be kept: ${reasonOf(error)}`);
  }
  return fresh;
}

async function* oneChunk(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text);
}
