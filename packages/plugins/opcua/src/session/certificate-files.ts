import { X509Certificate } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_CERTIFICATE_BYTES, MAX_CHAIN, MAX_TRUSTED } from './bounds.ts';
import { PlcError } from './plc-error.ts';

const PEM = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]+-----END (?:TRUSTED )?CERTIFICATE-----/g;
const CERTIFICATE_FILE = /\.(?:der|pem|crt|cer)$/i;

/** The certificates of a file of PEM, or of DER one behind the other. Throws `PlcError` for something else. */
export function certificatesIn(path: string, content: Buffer): readonly X509Certificate[] {
  try {
    if (!content.includes('-----BEGIN')) return certificatesOf(content);
    return (content.toString('latin1').match(PEM) ?? []).slice(0, MAX_TRUSTED).map((pem) => new X509Certificate(pem));
  } catch {
    throw new PlcError(`expected certificates in ${path}, PEM or DER`);
  }
}

/** A certificate and those that vouch for it, as servers give them: DER one behind the other (OPC 10000-6, 6.2.6). */
export function certificatesOf(der: Buffer): readonly X509Certificate[] {
  const found: X509Certificate[] = [];
  let rest = der;
  while (rest.length > 0 && found.length < MAX_CHAIN && der.length <= MAX_CERTIFICATE_BYTES) {
    const certificate = new X509Certificate(rest);
    found.push(certificate);
    rest = rest.subarray(certificate.raw.length);
  }
  if (found.length === 0) throw new PlcError(`expected a certificate, found ${der.length} octets`);
  return found;
}

/** A trust list: the certificates that its paths hold, and what is wrong with some of them. */
export interface TrustList {
  readonly certificates: readonly X509Certificate[];
  readonly problems: readonly string[];
}

/** Reads files, and folders of files, each time that it is asked: a certificate is approved by being put there. */
export async function readTrustList(paths: readonly string[]): Promise<TrustList> {
  const certificates: X509Certificate[] = [];
  const problems: string[] = [];
  for (const path of paths) {
    try {
      for (const file of await filesOf(path)) {
        if (certificates.length >= MAX_TRUSTED) break;
        certificates.push(...(await readCertificates(file, problems)));
      }
    } catch (error) {
      problems.push(`cannot read the trust list ${path}: ${(error as Error).message}`);
    }
  }
  return { certificates: certificates.slice(0, MAX_TRUSTED), problems };
}

async function filesOf(path: string): Promise<readonly string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => CERTIFICATE_FILE.test(name)).toSorted();
  return names.map((name) => join(path, name));
}

/** One file that is none does not take the others away. */
async function readCertificates(file: string, problems: string[]): Promise<readonly X509Certificate[]> {
  try {
    return certificatesIn(file, await readFile(file));
  } catch (error) {
    problems.push((error as Error).message);
    return [];
  }
}
