import { errorMessage } from '@medkit/core';
import type { Files } from '@medkit/edges';
import { CertificateRefused, type TlsCredentials, validateCredentials } from './tls-credentials.ts';

/** Files of the configuration: absolute paths, `''` for none. */
export interface CredentialPaths {
  readonly cert_file: string;
  readonly key_file: string;
  readonly ca_file: string;
}

/** The credentials, and warnings for the operator. */
export interface ReadCredentials {
  readonly credentials: TlsCredentials;
  readonly warnings: readonly string[];
}

/** A certificate chain takes some KiB; a larger file is something else. */
const MAX_BYTES = 256 * 1024;
const OTHERS = 0o007;
const GROUP = 0o070;

/**
 * Reads certificate and key. Throws `CertificateRefused` if they cannot be used, or if every user of the machine can
 * read the key.
 */
export async function readCredentialFiles(
  { cert_file, key_file, ca_file }: CredentialPaths,
  files: Pick<Files, 'readText' | 'stateOf'>,
  nowMs: number,
): Promise<ReadCredentials> {
  const names = { cert: cert_file, key: key_file, ...(ca_file !== '' && { ca: ca_file }) };
  const cert = await readPemFile('server.tls.cert_file', cert_file, files);
  const key = await readPemFile('server.tls.key_file', key_file, files);
  const ca = ca_file === '' ? undefined : await readPemFile('server.tls.ca_file', ca_file, files);
  const mode = (await files.stateOf(key_file))?.mode ?? 0;
  if ((mode & OTHERS) !== 0) {
    throw new CertificateRefused(`every user of this machine can read the key in ${key_file}: chmod 600 ${key_file}`);
  }
  const credentials = validateCredentials({ cert, key, ...(ca !== undefined && { ca }) }, names, nowMs);
  const warnings =
    (mode & GROUP) === 0
      ? []
      : [`the group of ${key_file} can read the key of this gateway: chmod 600 ${key_file}, unless this is intended`];
  return { credentials, warnings };
}

/** Reads a file of PEM texts. Throws `CertificateRefused` with the name of the setting. */
export async function readPemFile(
  setting: string,
  file: string,
  files: Pick<Files, 'readText' | 'stateOf'>,
  maxBytes = MAX_BYTES,
): Promise<string> {
  try {
    const state = await files.stateOf(file);
    if (state && !state.isFile) throw new Error('it is not a file');
    if (state && state.bytes > maxBytes) throw new Error(`it has ${state.bytes} bytes, more than ${maxBytes}`);
    const text = await files.readText(file, { regularOnly: true });
    // Windows editors put a byte order mark before the first line, which OpenSSL rejects.
    if (text !== undefined) return text.replace(/^\uFEFF/, '');
  } catch (error) {
    throw new CertificateRefused(`${setting}: ${file} cannot be read: ${errorMessage(error)}`);
  }
  throw new CertificateRefused(`${setting}: the file ${file} does not exist`);
}
