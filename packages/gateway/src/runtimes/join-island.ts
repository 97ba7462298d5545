import { resolve } from 'node:path';
import { errorMessage } from '@medkit/core';
import type { Clock, Files, WritableFiles } from '@medkit/edges';
import { udpDatagrams, unixStreams } from '@medkit/edges/node';
import type { FaultHost } from '@medkit/faults';
import { ingestAddress, missingKeyProblem, openIngestListener, readIngestKey } from '@medkit/ingest';
import { type IslandRuntime, islandRuntime } from '@medkit/island';
import type { GatewayConfig } from '../config/index.ts';
import { StartRefused } from '../listen.ts';

export interface IslandParts {
  readonly config: Pick<GatewayConfig, 'data_dir' | 'island'>;
  readonly files: Files & WritableFiles;
  readonly clock: Clock;
  /** Absent: no faults are served. */
  readonly faults?: FaultHost;
}

/** Opens the configured island. Throws `StartRefused` for an invalid configuration. */
export async function joinIsland({ config, files, clock, faults }: IslandParts): Promise<IslandRuntime> {
  const { listen, silent_ms, history_sec } = config.island;
  const key = await keyOf(config, files);
  const address = parseSetting('island.listen', () => ingestAddress(listen));
  const problem = missingKeyProblem(address, key);
  if (problem !== undefined) throw new StartRefused(`island.key_file: ${problem}`);
  return islandRuntime({
    address: listen,
    listen: (onMessage) => openIngestListener({ address, datagrams: udpDatagrams, streams: unixStreams, onMessage }),
    key,
    silentMs: silent_ms,
    historyMs: history_sec * 1000,
    sessionPath: resolve(config.data_dir, 'island.json'),
    files,
    clock,
    ...(faults && { faults }),
  });
}

async function keyOf({ island }: IslandParts['config'], files: Files): Promise<Uint8Array | undefined> {
  if (island.key_file === '') return undefined;
  const text = await files.readText(island.key_file);
  if (text === undefined)
    throw new StartRefused(`island.key_file: ${island.key_file} does not exist or cannot be read`);
  return parseSetting(`island.key_file: ${island.key_file}`, () => readIngestKey(text));
}

function parseSetting<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new StartRefused(`${what}: ${errorMessage(error)}`);
  }
}
