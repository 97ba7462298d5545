import type { Setting } from './setting.ts';

/** Settings of HTTPS: certificate and minimum TLS version. */
export const TLS_SETTINGS = {
  'server.tls.enabled': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about: 'Serves only HTTPS on `server.port`.',
  },
  'server.tls.cert_file': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about:
      'PEM file with the certificate of this gateway, followed by the intermediate certificates. A changed file is used without a restart.',
  },
  'server.tls.key_file': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about:
      'PEM file with the private key of that certificate, without a passphrase, readable only by the user of the gateway.',
  },
  'server.tls.ca_file': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about: 'PEM file with the intermediate certificates, if `server.tls.cert_file` does not contain them.',
  },
  'server.tls.min_version': {
    type: 'text',
    default: '1.2',
    matches: { pattern: /^1\.[23]$/, meaning: 'a version of TLS: 1.2 or 1.3' },
    since: '0.1.0',
    about: 'Minimum TLS version: `1.2` or `1.3`.',
  },
  'server.tls.self_signed': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Generates a certificate for the names of this machine, in the folder `tls` of `data_dir`, instead of reading one from a file. Clients must be configured to trust it: the log contains its fingerprint.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
