import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { type Client, type EntityRef, GatewayRefused } from '@medkit/client';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';

type Entity = EntityRef<'app' | 'component'>;

/** Larger files are no scripts, and not read into memory. */
const MAX_SCRIPT_BYTES = 67_108_864;

/** Whether a word is the path of a file, rather than the id of a script, which has neither slash nor dot. */
export async function isScriptFile(word: string): Promise<boolean> {
  if (!/[./]/.test(word)) return false;
  const found = await stat(word).catch(() => undefined);
  if (!found?.isFile()) throw new CommandFailed(`there is no file ${word}`, ExitCode.usage);
  if (found.size > MAX_SCRIPT_BYTES) throw new CommandFailed(`${word} is too large for a script`, ExitCode.usage);
  return true;
}

/** The id of the script that the gateway has of a file, which is uploaded unless it is there already. */
export async function uploaded(client: Client, entity: Entity, file: string, replace: boolean): Promise<string> {
  const content = await readFile(file);
  const send = async () => {
    const form = new FormData();
    form.append('file', new Blob([content]), basename(file));
    return (await client.call('uploadScript', { entity, body: form })).id;
  };
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof GatewayRefused) || error.code !== 'x-medkit-script-already-exists') throw error;
  }
  const path = { script_id: basename(file, extname(file)) };
  const present = await client.call('getScript', { entity, path });
  if (present['x-medkit']?.sha256 === createHash('sha256').update(content).digest('hex')) return present.id;
  if (!replace) {
    const words = `${entity.id} has another script ${present.id}: run it by that name, or use --replace`;
    throw new CommandFailed(words, ExitCode.refused);
  }
  await client.call('deleteScript', { entity, path });
  return send();
}
