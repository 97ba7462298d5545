import type { KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { certificatesIn } from './certificate-files.ts';
import { PlcError } from './plc-error.ts';
import { type PassphraseFile, privateKeyIn } from './private-key.ts';

/** A certificate that is shown to a server, with its key. */
export interface OwnCertificate {
  readonly certificate: X509Certificate;
  /** DER, that of the certificate first. */
  readonly chain: readonly Buffer[];
  readonly key: KeyObject;
  /** What it lacks of what servers may want of it, in a sentence; empty or absent for nothing. */
  readonly lacks?: string;
}

/** Reads them from files of PEM or DER. Throws `PlcError` where they are missing, are none, or do not belong together. */
export async function readOwnCertificate(
  certificatePath: string,
  keyPath: string,
  passphrase: PassphraseFile,
): Promise<OwnCertificate> {
  const [certificate, ...authorities] = certificatesIn(certificatePath, await contentOf(certificatePath));
  if (certificate === undefined) throw new PlcError(`expected a certificate in ${certificatePath}, found none`);
  const key = await privateKeyIn(keyPath, await contentOf(keyPath), passphrase);
  if (!certificate.checkPrivateKey(key)) {
    throw new PlcError(`the key in ${keyPath} is not that of the certificate in ${certificatePath}`);
  }
  return { certificate, chain: [certificate, ...authorities].map(({ raw }) => raw), key };
}

/** The URI of the application that a certificate is for (OPC 10000-6, 6.2.2). */
export function applicationUriOf({ subjectAltName }: X509Certificate): string | undefined {
  // Node quotes a name that has commas or quotes in it as a text of JSON.
  const found = /(?:^|, )URI:("(?:[^"\\]|\\.)*"|[^,]*)/.exec(subjectAltName ?? '')?.[1];
  return found?.startsWith('"') ? String(JSON.parse(found)) : found;
}

/** The content of a file. Rejects with `PlcError` that names it. */
export async function contentOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new PlcError(`cannot read ${path}: ${(error as Error).message}`);
  }
}
