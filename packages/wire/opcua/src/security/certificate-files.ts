import { X509Certificate } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { MAX_CERTIFICATE_BYTES, MAX_CHAIN, MAX_REVOCATION_FILES, MAX_TRUSTED } from '../bounds.ts';
import { PlcError } from '../plc-error.ts';

const PEM = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]+-----END (?:TRUSTED )?CERTIFICATE-----/g;
const CERTIFICATE_FILE = /\.(?:der|pem|crt|cer)$/i;
const REVOCATION_FILE = /\.crl$/i;
/** All files in a folder with this name are revocation lists, the trust list layout of OPC UA (OPC 10000-12, 7.8). */
const REVOCATION_FOLDER = 'crl';

/** Returns the certificates of a PEM file, or of a file with concatenated DER. Throws `PlcError` for other content. */
export function certificatesIn(path: string, content: Buffer): readonly X509Certificate[] {
  try {
    if (!content.includes('-----BEGIN')) return certificatesOf(content);
    return (content.toString('latin1').match(PEM) ?? []).slice(0, MAX_TRUSTED).map((pem) => new X509Certificate(pem));
  } catch {
    throw new PlcError(`expected certificates in ${path}, PEM or DER`);
  }
}

/** Parses a certificate with its chain as sent by servers: concatenated DER (OPC 10000-6, 6.2.6). */
export function certificatesOf(der: Buffer): readonly X509Certificate[] {
  const found: X509Certificate[] = [];
  let rest = der;
  while (rest.length > 0 && found.length < MAX_CHAIN && der.length <= MAX_CERTIFICATE_BYTES) {
    const certificate = new X509Certificate(rest);
    found.push(certificate);
    rest = rest.subarray(certificate.raw.length);
  }
  if (found.length === 0) throw new PlcError(`expected a certificate, found ${der.length} bytes`);
  return found;
}

/** A trust list: the certificates in its paths, its revocation list files, and problems with some of them. */
export interface TrustList {
  readonly certificates: readonly X509Certificate[];
  readonly revocationFiles: readonly string[];
  readonly problems: readonly string[];
}

/**
 * Reads files, and folders with an optional folder `crl` in them. Reads them on every call: an operator approves a
 * certificate by adding it. Rejects with `PlcError` if revocation lists cannot be found or exceed the limit.
 */
export async function readTrustList(paths: readonly string[]): Promise<TrustList> {
  const certificates: X509Certificate[] = [];
  const revocationFiles: string[] = [];
  const problems: string[] = [];
  for (const path of paths) {
    try {
      for (const file of await filesOf(path)) {
        if (isRevocationFile(file)) revocationFiles.push(file);
        else if (certificates.length < MAX_TRUSTED) certificates.push(...(await readCertificates(file, problems)));
      }
    } catch (error) {
      // A certificate that cannot be read is not trusted; a missing revocation list would leave a certificate trusted.
      if (isRevocationFile(path) || isRevocationFolder(path) || error instanceof PlcError) {
        throw new PlcError(`cannot read the revocation lists of ${path}: ${(error as Error).message}`);
      }
      problems.push(`cannot read the trust list ${path}: ${(error as Error).message}`);
    }
  }
  if (revocationFiles.length > MAX_REVOCATION_FILES) {
    throw new PlcError(
      `the trust list has ${revocationFiles.length} revocation lists, more than the maximum of ${MAX_REVOCATION_FILES}`,
    );
  }
  return { certificates: certificates.slice(0, MAX_TRUSTED), revocationFiles, problems };
}

async function filesOf(path: string): Promise<readonly string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = (await readdir(path)).toSorted();
  const files = names.map((name) => join(path, name)).filter(isOfTrustList);
  if (!names.includes(REVOCATION_FOLDER)) return files;
  const revocations = await filesOf(join(path, REVOCATION_FOLDER)).catch((error: Error) => {
    throw new PlcError(error.message);
  });
  return [...files, ...revocations];
}

const isOfTrustList = (file: string) => CERTIFICATE_FILE.test(file) || REVOCATION_FILE.test(file);
const isRevocationFile = (file: string) => REVOCATION_FILE.test(file) || isRevocationFolder(dirname(file));
const isRevocationFolder = (path: string) => basename(resolve(path)) === REVOCATION_FOLDER;

/** An invalid file does not affect the others. */
async function readCertificates(file: string, problems: string[]): Promise<readonly X509Certificate[]> {
  try {
    return certificatesIn(file, await readFile(file));
  } catch (error) {
    problems.push((error as Error).message);
    return [];
  }
}
