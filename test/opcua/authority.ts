import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RsaCertificate } from './rsa-certificate.ts';

export interface AuthorityOptions {
  readonly folder: string;
  readonly name: string;
  /** Issuing authority; self-signed if absent. */
  readonly ca?: RsaCertificate;
  /** `keyUsage` and `basicConstraints` in OpenSSL's notation. */
  readonly use?: string;
  readonly constraints?: string;
}

/** Makes the certificate of an authority; the extensions that make it one can be omitted. Needs OpenSSL. */
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
  /** Path of the list, relative to the folder; `form` is PEM or DER. */
  readonly file: string;
  readonly form?: 'PEM' | 'DER';
  /** The next update of the list is already due. */
  readonly isExpired?: boolean;
  /** OpenSSL configuration lines for extensions of the list. */
  readonly extensions?: string;
}

/** Makes the revocation list of an authority, like `openssl ca`. Returns its file. */
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

function openssl(args: readonly string[], cwd?: string): void {
  execFileSync('/usr/bin/openssl', args, { stdio: 'pipe', ...(cwd === undefined ? {} : { cwd }) });
}
