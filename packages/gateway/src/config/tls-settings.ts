import type { Setting } from './setting.ts';

/** Settings of HTTPS: certificate, minimum TLS version and client certificates. */
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
  'server.tls.client_auth': {
    type: 'text',
    default: 'off',
    matches: { pattern: /^(?:off|optional|required)$/, meaning: 'off, optional or required' },
    since: '0.1.0',
    about:
      'Whether the gateway requests client certificates: `off`, `optional` (clients without one need another credential) or `required` (requests over a connection without an accepted one are refused). Needs `server.tls.client_ca_file`.',
  },
  'server.tls.client_ca_file': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about:
      'PEM file with the root certificates of the authorities that sign client certificates. No other certificate is trusted for clients. A changed file is used without a restart.',
  },
  'server.tls.client_crl_file': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about:
      'PEM file with the revocation lists (CRL) of these authorities and of their intermediate authorities: one for each. A changed file is used without a restart.',
  },
  'server.tls.client_map': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about:
      'Rules that give client certificates a name and a role: `ci:operator = uri:spiffe://plant.example/ci`. The first rule that matches counts; a certificate without one gives no identity. A rule compares `uri`, `dns` or `email` (subject alternative names), `cn` (common name) or `fingerprint256`. One `*` matches any characters of a segment, and a `*` in the name stands for them. At most 200.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
