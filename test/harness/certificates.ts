import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** PEM texts, and their files. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  readonly certFile: string;
  readonly keyFile: string;
}

export interface CertificateOptions {
  /** Folder of its files. */
  readonly folder: string;
  /** Base name of its files. */
  readonly name: string;
  /** Subject alternative name: `IP:127.0.0.1`, `DNS:broker`; a CA if absent. */
  readonly subject?: string;
  /** Issuing authority; self-signed if absent. */
  readonly ca?: Certificate;
}

/** Makes a certificate that is valid for a day. Needs OpenSSL. */
export function makeCertificate({ folder, name, subject, ca }: CertificateOptions): Certificate {
  const certFile = join(folder, `${name}.pem`);
  const keyFile = join(folder, `${name}.key`);
  const args = [
    ...['req', '-x509', '-days', '1', '-nodes', '-subj', `/CN=${name}`],
    ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-keyout', keyFile, '-out', certFile],
    ...(ca ? ['-CA', ca.certFile, '-CAkey', ca.keyFile] : []),
    ...(subject ? ['-addext', `subjectAltName=${subject}`, '-addext', 'basicConstraints=critical,CA:FALSE'] : []),
  ];
  execFileSync('/usr/bin/openssl', args, { stdio: 'pipe' });
  return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8'), certFile, keyFile };
}
