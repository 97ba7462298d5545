import { createPrivateKey, type KeyObject, type PrivateKeyInput } from 'node:crypto';
import { PlcError } from '../plc-error.ts';
import { readSecret } from './secret-file.ts';

/** The passphrase of a key: the option for its file, and the file if configured. */
export interface PassphraseFile {
  readonly option: 'client_key_passphrase_path' | 'user_key_passphrase_path';
  readonly path: string | undefined;
}

/**
 * Reads the private key in a file, PEM or PKCS #8, encrypted or not. Rejects with a `PlcError` that names the file, and
 * the option of the passphrase if it is missing or wrong.
 */
export async function privateKeyIn(path: string, content: Buffer, passphrase: PassphraseFile): Promise<KeyObject> {
  const { option, path: passphrasePath } = passphrase;
  if (!isEncrypted(content)) return plainKeyIn(path, content);
  if (passphrasePath === undefined) {
    throw new PlcError(`the private key in ${path} has a passphrase: set ${option} to a file that contains it`);
  }
  const secret = await readSecret(option, passphrasePath);
  try {
    return createPrivateKey({ ...inputOf(content), passphrase: secret });
  } catch {
    throw new PlcError(
      `cannot decrypt the private key in ${path}: the passphrase in ${passphrasePath} (${option}) is wrong`,
    );
  }
}

function plainKeyIn(path: string, content: Buffer): KeyObject {
  try {
    return createPrivateKey(inputOf(content));
  } catch {
    throw new PlcError(`expected a private key in ${path}, PEM or PKCS #8`);
  }
}

/**
 * PEM states it in the first lines (RFC 7468, 11, and RFC 1421, 4.6.1.1); for DER it is only known after an attempt to
 * open it.
 */
function isEncrypted(content: Buffer): boolean {
  if (isPem(content)) return content.includes('ENCRYPTED');
  try {
    createPrivateKey(inputOf(content));
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_MISSING_PASSPHRASE';
  }
}

const inputOf = (key: Buffer): PrivateKeyInput => (isPem(key) ? { key } : { key, format: 'der', type: 'pkcs8' });
const isPem = (content: Buffer): boolean => content.includes('-----BEGIN');
