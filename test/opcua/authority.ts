import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RsaCertificate } from './rsa-certificate.ts';

export interface AuthorityOptions {
  readonly folder: string;
  readonly name: string;
  /** Who vouches for it; it does so itself when absent. */
  readonly ca?: RsaCertificate;
  /** `keyUsage` and `basicConstraints` as OpenSSL writes them. */
  readonly use?: string;
  readonly constraints?: string;
}

/** Makes the certificate of an authority, in which what makes it one can be left out. Needs OpenSSL. */
export function makeAuthority(options: AuthorityOptions): RsaCertificate {
  const { folder, name, ca, use = 'critical,keyCertSign,cRLSign', constraints = 'critical,CA:TRUE' } = options;
  const certFile = join(folder, `${name}.pem`);
  const keyFile = join(folder, `${name}.key`);
  openssl([
    ...['req', '-x509', '-nodes', '-days', '30', '-subj', `/O=medkit/CN=${name}`, '-newkey', 'rsa:2048', '-sha256'],
    ...['-keyout', keyFile, '-out', certFile, '-addext', `keyUsage=${use}`],
    ...['-addext', `basicConstraints=${constraints}`],
    ...(ca ? ['-CA', ca.certFile, '-CAkey', ca.keyFile] : []),
  ]);
  return { certFile, keyFile };
}

export interface RevocationOptions {
  readonly folder: string;
  readonly ca: RsaCertificate;
  readonly revoked: readonly RsaCertificate[];
  /** Where it is written to, from the folder on; `form` PEM or DER. */
  readonly file: string;
  readonly form?: 'PEM' | 'DER';
  /** Whether another one should have replaced it by now. */
  readonly isExpired?: boolean;
  /** Lines of OpenSSL for extensions of the list. */
  readonly extensions?: string;
}

/** Makes the list of what an authority revoked, as `openssl ca` does. Gives its file. */
export function makeRevocationList(options: RevocationOptions): string {
  const { folder, ca, revoked, file, form = 'DER', isExpired = false, extensions } = options;
  const place = (name: string) => join(folder, name);
  const lines = revoked.map(({ certFile }) => {
    const { serialNumber } = new X509Certificate(readFileSync(certFile));
    return `R\t400101000000Z\t250101000000Z\t${serialNumber}\tunknown\t/CN=revoked\n`;
  });
  writeFileSync(place('index.txt'), lines.join(''));
  writeFileSync(place('number'), '01\n');
  const settings = ['database = index.txt', 'crlnumber = number', 'default_md = sha256', 'default_crl_days = 30'];
  if (extensions) settings.push('crl_extensions = extensions', '[extensions]', extensions);
  writeFileSync(place('ca.cnf'), ['[ca]', 'default_ca = own', '[own]', ...settings, ''].join('\n'));
  const pem = place('list.pem');
  const times = isExpired ? ['-crl_lastupdate', '20250101000000Z', '-crl_nextupdate', '20250201000000Z'] : [];
  openssl(
    ['ca', '-gencrl', '-config', 'ca.cnf', '-keyfile', ca.keyFile, '-cert', ca.certFile, '-out', pem, ...times],
    folder,
  );
  openssl(['crl', '-in', pem, '-outform', form, '-out', place(file)]);
  return place(file);
}

function openssl(words: readonly string[], cwd?: string): void {
  execFileSync('/usr/bin/openssl', words, { stdio: 'pipe', ...(cwd === undefined ? {} : { cwd }) });
}
