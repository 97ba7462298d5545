import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { errorMessage } from '@medkit/core';
import type { Files } from '@medkit/edges';
import { readPemFile } from '../credential-files.ts';
import { CertificateRefused } from '../tls-credentials.ts';

/** Certificates and revocation lists with which client certificates are verified, as PEM texts. */
export interface ClientAuthority {
  readonly ca: readonly string[];
  readonly crl: readonly string[];
}

/** Files of the configuration: absolute paths, `''` for none. */
export interface AuthorityPaths {
  readonly client_ca_file: string;
  readonly client_crl_file: string;
}

/** Maximum certificates and revocation lists in a file: a company has some authorities. */
const MAX_BLOCKS = 64;
/** A revocation list has some 40 bytes for each revoked certificate. */
const MAX_CRL_BYTES = 16 * 1024 * 1024;

/** Reads the authorities of client certificates. Throws `CertificateRefused` if TLS could not use one of them. */
export async function readClientAuthority(
  { client_ca_file, client_crl_file }: AuthorityPaths,
  files: Pick<Files, 'readText' | 'stateOf'>,
): Promise<ClientAuthority> {
  const ca = blocksIn(
    await readPemFile('server.tls.client_ca_file', client_ca_file, files),
    { setting: 'server.tls.client_ca_file', file: client_ca_file, label: 'CERTIFICATE' },
    (pem) => new X509Certificate(pem),
  );
  if (!ca.some(({ read }) => read.issuer === read.subject)) {
    throw new CertificateRefused(
      `server.tls.client_ca_file: ${client_ca_file} has no root certificate, only intermediate ones: add the root`,
    );
  }
  if (client_crl_file === '') return { ca: ca.map(({ pem }) => pem), crl: [] };
  const crl = blocksIn(
    await readPemFile('server.tls.client_crl_file', client_crl_file, files, MAX_CRL_BYTES),
    { setting: 'server.tls.client_crl_file', file: client_crl_file, label: 'X509 CRL' },
    (pem) => createSecureContext({ crl: pem }),
  );
  return { ca: ca.map(({ pem }) => pem), crl: crl.map(({ pem }) => pem) };
}

interface Wanted {
  readonly setting: string;
  readonly file: string;
  readonly label: 'CERTIFICATE' | 'X509 CRL';
}

/** Returns the PEM blocks of a file. Throws if one cannot be read: TLS would ignore it silently. */
function blocksIn<T>(
  text: string,
  { setting, file, label }: Wanted,
  read: (pem: string) => T,
): readonly { readonly pem: string; readonly read: T }[] {
  const refuse = (problem: string) => new CertificateRefused(`${setting}: ${file} ${problem}`);
  const blocks = text.match(new RegExp(`-----BEGIN ${label}-----[^-]*-----END ${label}-----`, 'g')) ?? [];
  const begun = text.split(`-----BEGIN ${label}-----`).length - 1;
  if (begun === 0) throw refuse(`has no line -----BEGIN ${label}-----: it must be PEM text`);
  if (begun !== blocks.length) throw refuse('is truncated: a line -----END is missing');
  if (begun > MAX_BLOCKS) throw refuse(`has ${begun} entries: the maximum is ${MAX_BLOCKS}`);
  return blocks.map((pem, index) => {
    try {
      return { pem, read: read(pem) };
    } catch (error) {
      throw refuse(`is damaged in entry ${index + 1}: ${errorMessage(error)}`);
    }
  });
}

/** Returns whether both have the same content. */
export function isSameAuthority(one: ClientAuthority, other: ClientAuthority): boolean {
  return one.ca.join('\n') === other.ca.join('\n') && one.crl.join('\n') === other.crl.join('\n');
}
