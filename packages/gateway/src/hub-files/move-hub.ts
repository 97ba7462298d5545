import { mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Log } from '@medkit/core';
import type { Clock, Files } from '@medkit/edges';
import { backUpDatabase, StoreError } from '@medkit/store';
import { type ImportedTable, importFiles } from '@medkit/store/import';
import type { GatewayConfig } from '../config/index.ts';
import { holderOf } from '../database/data-folder.ts';
import { postgresAddress } from '../database/hub-database.ts';
import { StartRefused } from '../listen.ts';
import { hubFiles } from './hub-files.ts';

export type { ImportedTable } from '@medkit/store/import';
export { hubSchemas } from '../database/hub-database.ts';

interface Options {
  /** Its `data_dir` is the folder with the files. */
  readonly config: GatewayConfig;
  readonly files: Pick<Files, 'readText'>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Copies the record of a stopped hub from the files of its data folder into the database that `fleet.database` names. Throws
 * `StartRefused` with the remedy; nothing is imported then.
 */
export async function importHub(
  { config, files, clock, log }: Options,
  onTable: (table: ImportedTable) => void,
): Promise<void> {
  const folder = resolve(config.data_dir);
  const found = await hubFiles(config, files);
  if (found.length === 0)
    throw new StartRefused(`${folder} has no databases of a hub: name its data folder with --from`);
  await using opened = new AsyncDisposableStack();
  const holder = holderOf(folder, clock, opened);
  if (holder) {
    const who =
      holder.owner === undefined ? 'A hub' : `The hub with the process ${holder.owner.pid} on ${holder.owner.host}`;
    throw new StartRefused(`${who} uses ${folder}: stop it, and import then`);
  }
  try {
    const warn = (message: string) => log('warn', message);
    await importFiles({ address: postgresAddress(config.fleet.database), files: found, clock, warn, onTable });
  } catch (error) {
    if (error instanceof StoreError) throw new StartRefused(`nothing was imported: ${error.message}`);
    throw error;
  }
}

/**
 * Writes a copy of each database of a hub into a folder, also while the hub runs. Returns the paths of the copies. Throws
 * `StartRefused` with the remedy.
 */
export async function backUpHub(
  { config, files }: Pick<Options, 'config' | 'files'>,
  to: string,
): Promise<readonly string[]> {
  const found = await hubFiles(config, files);
  const folder = resolve(config.data_dir);
  if (found.length === 0)
    throw new StartRefused(`${folder} has no databases of a hub: name its data folder with --data-dir`);
  try {
    mkdirSync(to, { recursive: true, mode: 0o700 });
    return found.map(({ path }) => {
      const copy = join(resolve(to), basename(path));
      backUpDatabase(path, copy);
      return copy;
    });
  } catch (error) {
    throw new StartRefused(`the backup is not complete: ${(error as Error).message}`);
  }
}
