import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A certificate of a client, with its key and the intermediate certificates that it presents. */
export interface ClientFiles {
  /** PEM file with the certificate, followed by those of intermediate authorities. */
  readonly certFile: string;
  readonly keyFile: string;
}

export interface ClientWish {
  /** Subject as OpenSSL reads it; `/CN=` and the name unless given. */
  readonly subject?: string;
  /** Lines of the section `[san]`: `URI.1=spiffe://…`. */
  readonly san?: readonly string[];
  /** Extended key usage; `clientAuth` unless given, `''` for none. */
  readonly usage?: string;
  /** End of validity; in a day unless given. */
  readonly until?: Date;
}

const openssl = (...args: readonly string[]): void => {
  execFileSync('/usr/bin/openssl', args, { stdio: 'pipe' });
};

/** UTC time of `openssl ca`. */
const timeOf = (date: Date): string => date.toISOString().replaceAll(/[-:T]|\.\d+/g, '');

/** Makes a certificate authority that signs and revokes certificates of clients. Needs OpenSSL. */
export function makeClientAuthority(folder: string, name: string, issuer?: ClientAuthorityStage) {
  const home = join(folder, name);
  mkdirSync(join(home, 'new'), { recursive: true });
  const file = (base: string): string => join(home, base);
  writeFileSync(file('index'), '');
  writeFileSync(file('serial'), '1000\n');
  writeFileSync(file('crlnumber'), '01\n');
  writeFileSync(
    file('ca.cnf'),
    [
      ...['[ca]', 'default_ca=it', '[it]', `dir=${home}`, `database=${file('index')}`, `serial=${file('serial')}`],
      ...[`new_certs_dir=${file('new')}`, `crlnumber=${file('crlnumber')}`, `certificate=${file('ca.pem')}`],
      ...[`private_key=${file('ca.key')}`, 'default_md=sha256', 'policy=any', 'unique_subject=no', 'utf8=yes'],
      ...['string_mask=utf8only', 'default_crl_days=1', 'default_days=1', 'copy_extensions=none', '[any]'],
      ...['commonName=optional', 'organizationName=optional', '[authority]', 'basicConstraints=critical,CA:TRUE'],
      ...['keyUsage=critical,keyCertSign,cRLSign', 'subjectKeyIdentifier=hash', ''],
    ].join('\n'),
  );
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const subject = ['-subj', `/CN=${name}`];
  const config = ['-config', file('ca.cnf')];
  if (issuer) {
    writeFileSync(file('req.cnf'), '[req]\ndistinguished_name=dn\n[dn]\n');
    const request = ['-config', file('req.cnf'), ...newKey, ...subject, '-keyout', file('ca.key')];
    openssl('req', '-new', ...request, '-out', file('ca.csr'));
    issuer.sign(file('ca.csr'), file('ca.pem'), ['-extensions', 'authority']);
  } else {
    writeFileSync(
      file('root.cnf'),
      '[req]\ndistinguished_name=dn\nx509_extensions=v3\n[dn]\n[v3]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n',
    );
    const made = ['-config', file('root.cnf'), ...newKey, ...subject, '-days', '2', '-keyout', file('ca.key')];
    openssl('req', '-x509', ...made, '-out', file('ca.pem'));
  }
  const chain = issuer ? [readFileSync(file('ca.pem'), 'utf8')] : [];
  const stage = {
    certFile: file('ca.pem'),
    sign: (csr: string, out: string, more: readonly string[]): void =>
      openssl('ca', '-batch', '-notext', ...config, '-in', csr, '-out', out, ...more),
    /** Signs a certificate for a client. */
    client: (base: string, wish: ClientWish = {}): ClientFiles => {
      const { subject: dn = `/CN=${base}`, san = [], usage = 'clientAuth', until } = wish;
      const [certFile, keyFile, csr] = [file(`${base}.pem`), file(`${base}.key`), file(`${base}.csr`)];
      writeFileSync(file('req.cnf'), '[req]\ndistinguished_name=dn\nutf8=yes\nstring_mask=utf8only\n[dn]\n');
      const request = ['-config', file('req.cnf'), '-utf8', ...newKey, '-subj', dn];
      openssl('req', '-new', ...request, '-keyout', keyFile, '-out', csr);
      const lines = [
        'basicConstraints=CA:FALSE',
        ...(usage === '' ? [] : [`extendedKeyUsage=${usage}`]),
        ...(san.length === 0 ? [] : ['subjectAltName=@san', '[san]', ...san]),
      ];
      writeFileSync(file(`${base}.ext`), `${lines.join('\n')}\n`);
      const dates = until ? ['-startdate', '20200101000000Z', '-enddate', timeOf(until)] : [];
      stage.sign(csr, certFile, ['-extfile', file(`${base}.ext`), ...dates]);
      writeFileSync(certFile, [readFileSync(certFile, 'utf8'), ...chain].join(''));
      return { certFile, keyFile };
    },
    revoke: ({ certFile }: Pick<ClientFiles, 'certFile'>): void => openssl('ca', ...config, '-revoke', certFile),
    /** Returns the current revocation list, as PEM text. */
    crl: (more: readonly string[] = []): string => {
      openssl('ca', ...config, '-gencrl', '-out', file('crl.pem'), ...more);
      return readFileSync(file('crl.pem'), 'utf8');
    },
  };
  return stage;
}

export interface ClientAuthorityStage {
  sign(csr: string, out: string, more: readonly string[]): void;
}
