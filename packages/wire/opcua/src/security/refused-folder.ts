import type { X509Certificate } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_REFUSED, MAX_TEXT } from '../bounds.ts';

/** Returns the thumbprint of a certificate (OPC 10000-6, 6.2.2): SHA-1 in hexadecimal. */
export function thumbprintOf({ fingerprint }: X509Certificate): string {
  return fingerprint.replaceAll(':', '').toLowerCase();
}

/** Returns the subject on one line, escaped because it comes from a server. */
export function subjectOf({ subject }: X509Certificate): string {
  return JSON.stringify((subject ?? '').replaceAll('\n', ', ').slice(0, 200)).slice(1, -1) || 'no subject';
}

/**
 * Stores a rejected certificate in a folder, with a text that explains how to approve it. Returns the file; `undefined`
 * if the folder is full.
 */
export async function storeRefusedCertificate(
  folder: string,
  certificate: X509Certificate,
  text: (file: string) => string,
): Promise<string | undefined> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const name = thumbprintOf(certificate);
  const file = join(folder, `${name}.der`);
  const stored = (await readdir(folder)).filter((each) => each.endsWith('.der'));
  if (stored.includes(`${name}.der`)) return file;
  if (stored.length >= MAX_REFUSED) return undefined;
  await writeFile(file, certificate.raw, { mode: 0o600 });
  await writeFile(join(folder, `${name}.txt`), `${text(file).slice(0, 4 * MAX_TEXT)}\n`, { mode: 0o600 });
  return file;
}
