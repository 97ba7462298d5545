import type { KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { PlcError } from '../plc-error.ts';
import { certificatesIn } from './certificate-files.ts';
import { type PassphraseFile, privateKeyIn } from './private-key.ts';

/** A certificate that is presented to servers, with its key. */
export interface ApplicationCertificate {
  readonly certificate: X509Certificate;
  /** DER, with the certificate itself first. */
  readonly chain: readonly Buffer[];
  readonly key: KeyObject;
  /** Deficiencies that servers may object to, as a sentence; empty or absent if there are none. */
  readonly lacks?: string;
}

/** Reads PEM or DER files. Throws `PlcError` if they are missing, invalid, or do not belong together. */
export async function readApplicationCertificate(
  certificatePath: string,
  keyPath: string,
  passphrase: PassphraseFile,
): Promise<ApplicationCertificate> {
  const [certificate, ...authorities] = certificatesIn(certificatePath, await contentOf(certificatePath));
  if (certificate === undefined) throw new PlcError(`expected a certificate in ${certificatePath}, found none`);
  const key = await privateKeyIn(keyPath, await contentOf(keyPath), passphrase);
  if (!certificate.checkPrivateKey(key)) {
    throw new PlcError(`the key in ${keyPath} does not belong to the certificate in ${certificatePath}`);
  }
  return { certificate, chain: [certificate, ...authorities].map(({ raw }) => raw), key };
}

/** Returns the application URI in a certificate (OPC 10000-6, 6.2.2). */
export function applicationUriOf({ subjectAltName }: X509Certificate): string | undefined {
  // Node.js formats a name with commas or quotes as JSON text.
  const found = /(?:^|, )URI:("(?:[^"\\]|\\.)*"|[^,]*)/.exec(subjectAltName ?? '')?.[1];
  return found?.startsWith('"') ? String(JSON.parse(found)) : found;
}

/** Reads a file. Rejects with a `PlcError` that names it. */
export async function contentOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new PlcError(`cannot read ${path}: ${(error as Error).message}`);
  }
}
