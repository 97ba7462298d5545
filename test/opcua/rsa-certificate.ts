import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Files of a certificate of an OPC UA application, PEM. */
export interface RsaCertificate {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface RsaCertificateOptions {
  readonly folder: string;
  /** Base name of its files, and its common name. */
  readonly name: string;
  /** Application URI of the certificate; without it, it is an authority. */
  readonly uri?: string;
  /** Issuing authority; self-signed if absent. */
  readonly ca?: RsaCertificate;
  /** `keyUsage` in OpenSSL's notation. */
  readonly use?: string;
  /** Days from now; 30 if absent. */
  readonly days?: number;
  /** Additional host besides 127.0.0.1. */
  readonly host?: string;
}

const SERVER_USE = 'critical,digitalSignature,nonRepudiation,keyEncipherment,dataEncipherment';

/** Makes a certificate that complies with OPC 10000-6, 6.2.2. Needs OpenSSL. */
export function makeRsaCertificate(options: RsaCertificateOptions): RsaCertificate {
  const { folder, name, uri, ca, use = SERVER_USE, days = 30, host = 'IP:127.0.0.1' } = options;
  const certFile = join(folder, `${name}.pem`);
  const keyFile = join(folder, `${name}.key`);
  const application = [
    ...['-addext', `subjectAltName=URI:${uri},${host}`, '-addext', `keyUsage=${use}`],
    ...['-addext', 'basicConstraints=critical,CA:FALSE'],
  ];
  const authority = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign'];
  const args = [
    ...[
      'req',
      '-x509',
      '-nodes',
      '-days',
      String(days),
      '-subj',
      `/O=medkit/CN=${name}`,
      '-newkey',
      'rsa:2048',
      '-sha256',
    ],
    ...['-keyout', keyFile, '-out', certFile],
    ...(uri === undefined ? authority : application),
    ...(ca ? ['-CA', ca.certFile, '-CAkey', ca.keyFile] : []),
  ];
  execFileSync('/usr/bin/openssl', args, { stdio: 'pipe' });
  return { certFile, keyFile };
}
