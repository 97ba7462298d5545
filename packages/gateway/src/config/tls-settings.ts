import type { Setting } from './setting.ts';

/** Settings of HTTPS: certificate and minimum TLS version. */
export const TLS_SETTINGS = {
  'server.tls.enabled': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about: 'Serve HTTPS and nothing else on `server.port`.',
  },
  'server.tls.cert_file': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about:
      'PEM file with the certificate of this gateway, and behind it those in between up to the one that clients trust. A new one is taken without a restart.',
  },
  'server.tls.key_file': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about: 'PEM file with the private key of that certificate, without a passphrase, which this user alone may read.',
  },
  'server.tls.ca_file': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about:
      'PEM file with certificates that lead from that of this gateway to one that clients trust, where `server.tls.cert_file` has them not.',
  },
  'server.tls.min_version': {
    type: 'text',
    default: '1.2',
    matches: { pattern: /^1\.[23]$/, meaning: 'a version of TLS: 1.2 or 1.3' },
    since: '0.1.0',
    about: 'The oldest version of TLS that clients may speak: `1.2` or `1.3`.',
  },
  'server.tls.self_signed': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Make a certificate for the names of this machine, in the folder `tls` of `data_dir`, in the place of one from a file. No client trusts it before it is told to: the log has its fingerprint.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
