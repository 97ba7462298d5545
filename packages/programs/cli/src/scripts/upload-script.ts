import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { Client, EntityRef } from '@medkit/client';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';

type Entity = EntityRef<'app' | 'component'>;

/** Maximum size of a script; larger files are not read into memory. */
const MAX_SCRIPT_BYTES = 67_108_864;

/** Returns whether a word is a file path. Script ids contain neither slash nor dot. */
export async function isScriptFile(word: string): Promise<boolean> {
  if (!/[./]/.test(word)) return false;
  const found = await stat(word).catch(() => undefined);
  if (!found?.isFile()) throw new CommandFailed(`cannot read the script ${word}: no such file`, ExitCode.usage);
  if (found.size > MAX_SCRIPT_BYTES)
    throw new CommandFailed(
      `${word} is too large for a script: at most ${MAX_SCRIPT_BYTES / 1024 / 1024} MiB`,
      ExitCode.usage,
    );
  return true;
}

/** Returns the id of the script on the gateway; uploads the file unless the gateway already has it. */
export async function uploaded(client: Client, entity: Entity, file: string, replace: boolean): Promise<string> {
  const content = await readFile(file);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const stem = basename(file, extname(file));
  // The gateway appends a number to the id of a second file with the same name.
  const isOfFile = (id: string) =>
    id === stem || (id.startsWith(`${stem}_`) && /^\d+$/.test(id.slice(stem.length + 1)));
  const present = (await client.call('listScripts', { entity })).items.filter(({ id }) => isOfFile(id));
  const same = present.find((script) => script['x-medkit']?.sha256 === sha256);
  if (same) return same.id;
  const other = present.find(({ id }) => id === stem);
  if (other && !replace) {
    const message = `${entity.id} already has a different script ${stem}: run that one with \`run ${entity.id} ${stem}\`, or replace it with --replace`;
    throw new CommandFailed(message, ExitCode.refused);
  }
  if (other) await client.call('deleteScript', { entity, path: { script_id: stem } });
  const form = new FormData();
  form.append('file', new Blob([content]), basename(file));
  return (await client.call('uploadScript', { entity, body: form })).id;
}
