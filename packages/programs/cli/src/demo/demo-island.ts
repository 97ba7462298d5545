import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ChildProgram, startProgram } from './child-program.ts';
import { freePort } from './free-port.ts';

/** Default port of the island's gateway, next to the default port of the robot's gateway. */
const ISLAND_PORT = 8081;
/** Name of the island in the gateway of the robot. */
export const ISLAND_PEER = 'safety_island';

/** Address of the island's gateway, and its ingest address for the safety gate. */
export interface IslandPlace {
  readonly url: string;
  readonly ingest: { readonly address: string; readonly keyFile: string };
}

/**
 * Creates a key and chooses a port, which are needed before any process starts. If the robot's gateway does not use its default
 * port, this chooses any free port too: two demos that start together would both find the default port free, and one would
 * aggregate the island of the other.
 */
export async function islandPlace(folder: string, isUsualPort: boolean): Promise<IslandPlace> {
  const keyFile = join(folder, 'island.key');
  mkdirSync(folder, { recursive: true });
  writeFileSync(keyFile, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
  const port = await freePort(isUsualPort ? ISLAND_PORT : 0);
  return { url: `http://127.0.0.1:${port}`, ingest: { address: `unix:${join(folder, 'ingest.sock')}`, keyFile } };
}

/** Starts the gateway of the island in a separate process, which ends with this one, even if this one is killed. */
export function startIsland(folder: string, { url, ingest }: IslandPlace): ChildProgram {
  const settings = [`island.listen=${ingest.address}`, `island.key_file=${ingest.keyFile}`];
  const args = [
    ...['island', '--port', new URL(url).port, '--data-dir', join(folder, 'island')],
    ...settings.flatMap((setting) => ['--set', setting]),
  ];
  return startProgram(args, `${url}/`);
}
