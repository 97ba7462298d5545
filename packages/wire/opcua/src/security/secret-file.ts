import { readFile } from 'node:fs/promises';
import { MAX_TEXT } from '../bounds.ts';
import { PlcError } from '../plc-error.ts';

/**
 * Reads a secret from the file of an option, without the trailing line end. Rejects with a `PlcError` that names both.
 */
export async function readSecret(option: string, path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).slice(0, MAX_TEXT).replace(/\r?\n$/, '');
  } catch (error) {
    throw new PlcError(`cannot read ${option} ${path}: ${(error as Error).message}`);
  }
}
