import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { errorMessage, type Log } from '@medkit/core';
import type { Clock, Files, Random, WritableFiles } from '@medkit/edges';
import type { CredentialReader } from '../served-certificate.ts';
import {
  CertificateRefused,
  type CredentialTexts,
  type TlsCredentials,
  validateCredentials,
} from '../tls-credentials.ts';
import { certificateNames, type MachineNames, requiredNames } from './certificate-names.ts';
import { makeCertificate } from './make-certificate.ts';

const DAY_MS = 86_400_000;
/**
 * Validity: below the 398 days that browsers accept from a public authority. It begins a day early, for clocks that are
 * slow.
 */
const LASTS_MS = 397 * DAY_MS;
const EARLIER_MS = DAY_MS;
/** Time before expiry at which the certificate is replaced. */
const RENEWED_MS = 30 * DAY_MS;

export interface SelfSignedCertificateOptions {
  /** Absolute; contains certificate and key, readable by this user only. */
  readonly folder: string;
  readonly machine: MachineNames;
  readonly files: Files & WritableFiles;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Returns the self-signed certificate of this gateway: the same across restarts, until it expires or lacks a name. */
export function selfSignedCertificate(options: SelfSignedCertificateOptions): CredentialReader {
  return async () => ({ credentials: (await storedCertificate(options)) ?? (await newOne(options)), warnings: [] });
}

const filesIn = (folder: string) => ({ cert: join(folder, 'certificate.pem'), key: join(folder, 'key.pem') });

async function storedCertificate({
  folder,
  machine,
  files,
  clock,
  log,
}: SelfSignedCertificateOptions): Promise<TlsCredentials | undefined> {
  const names = filesIn(folder);
  const [cert, key] = await Promise.all([files.readText(names.cert), files.readText(names.key)]);
  if (cert === undefined || key === undefined) return undefined;
  try {
    const stored = validateCredentials({ cert, key }, names, clock.wallMs());
    if (stored.facts.notAfterMs - clock.wallMs() < RENEWED_MS) return undefined;
    const missing = missingNames(cert, machine);
    if (missing.length === 0) return stored;
    log(
      'info',
      `TLS: the certificate in ${folder} does not include ${missing.join(', ')}: a new certificate is generated`,
    );
  } catch (error) {
    if (!(error instanceof CertificateRefused)) throw error;
    log('warn', `TLS: ${error.message}; a new certificate is generated`);
  }
  return undefined;
}

function missingNames(cert: string, machine: MachineNames): readonly string[] {
  const certificate = new X509Certificate(cert);
  return requiredNames(machine).filter((name) =>
    isIP(name)
      ? certificate.checkIP(name) === undefined
      : certificate.checkHost(name.replace(/^\*/, 'x')) === undefined,
  );
}

async function newOne({
  folder,
  machine,
  files,
  clock,
  random,
}: SelfSignedCertificateOptions): Promise<TlsCredentials> {
  const nowMs = clock.wallMs();
  const names = certificateNames(machine);
  const serial = random.bytes(16);
  const texts = makeCertificate({
    names,
    serial,
    notBeforeMs: nowMs - EARLIER_MS,
    notAfterMs: nowMs - EARLIER_MS + LASTS_MS,
  });
  await keep(texts, folder, files);
  return validateCredentials(texts, filesIn(folder), nowMs);
}

/** The key first: a certificate without a key is replaced. */
async function keep({ cert, key }: CredentialTexts, folder: string, files: WritableFiles): Promise<void> {
  const names = filesIn(folder);
  try {
    for (const [file, content] of [
      [names.key, key],
      [names.cert, cert],
    ] as const) {
      await files.remove(file);
      await files.write(file, oneChunk(content));
    }
  } catch (error) {
    throw new CertificateRefused(
      `server.tls.self_signed: cannot store a certificate in ${folder}: ${errorMessage(error)}`,
    );
  }
}

async function* oneChunk(content: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(content);
}
