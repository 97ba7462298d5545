import { rolesOf } from '@medkit/accounts';
import type { Log, Principal } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { type ClientRule, clientRules } from '../config/client-auth-rules.ts';
import type { GatewayConfig } from '../config/index.ts';
import { StartRefused } from '../listen.ts';
import type { ClientCertificate, ClientCertificates, ClientNames } from './client-certificate.ts';
import type { CertificateCredential, Identity } from './identity.ts';

/** Maximum cached principals: a rule with `*` gives each certificate its name. */
const MAX_CACHED = 1024;
/** Maximum certificates without a rule that were logged; then they are logged again. */
const MAX_LOGGED = 256;
/** What a `*` in the name may stand for. Longer names could not be sent to another gateway. */
const NAME_PART = /^[\w.@+-]{1,64}$/;

/** Clients that are known by the certificates of their connections. */
export interface KnownCertificates {
  /** Whether every connection needs an accepted certificate. */
  readonly isRequired: boolean;
  /** Returns the client of a connection, or why its certificate is not accepted; `undefined` if it needs none. */
  identityOf(connection: object | undefined): Identity | { readonly refused: string } | undefined;
  /** Returns the client for a credential, or why it is no longer valid. */
  principalOf(credential: CertificateCredential): Principal | { readonly refused: string };
}

export interface CertificateOptions {
  readonly config: Pick<GatewayConfig, 'auth' | 'roles' | 'server'>;
  readonly certificates: ClientCertificates;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly log: Log;
}

interface CompiledRule extends ClientRule {
  readonly pattern: RegExp;
}

/**
 * Identifies clients by the certificates of their connections, never by a header. Throws `StartRefused` if a rule of
 * `server.tls.client_map` has an unknown role.
 */
export function certificateIdentities({ config, certificates, clock, log }: CertificateOptions): KnownCertificates {
  const rules = clientRules(config.server.tls.client_map).map((rule) => ({ ...rule, pattern: patternOf(rule) }));
  const roles = rolesOf(config.roles, { compat: config.auth.compat_roles });
  for (const { name, role } of rules) {
    if (roles.permissionsOf(role)) continue;
    throw new StartRefused(
      `server.tls.client_map: the role "${role}" of ${name} is not one of ${roles.names.join(', ')}`,
    );
  }
  const principals = new Map<string, Principal>();
  const identities = new WeakMap<ClientCertificate, Identity | 'none'>();
  const logged = new Set<string>();

  /** @param id number of the rule and name: rules for the same name may differ in their role */
  const principalOf = (id: string): Principal | undefined => {
    const known = principals.get(id);
    if (known) return known;
    const colon = id.indexOf(':');
    const role = rules[Number(id.slice(0, colon))]?.role;
    const permissions = role === undefined ? undefined : roles.permissionsOf(role);
    if (role === undefined || !permissions) return undefined;
    const name = `certificate:${id.slice(colon + 1)}`;
    const limits = roles.scopesOf(role);
    const principal: Principal = {
      ...{ id: name, kind: 'certificate', role, permissions, scopes: [] },
      ...(limits.length > 0 && { entityScopes: limits }),
    };
    if (principals.size >= MAX_CACHED) principals.clear();
    principals.set(id, principal);
    return principal;
  };

  const identify = ({ names, notAfterMs: expiresMs }: ClientCertificate): Identity | 'none' => {
    for (const [index, rule] of rules.entries()) {
      const name = matchedName(rule, names);
      const id = `${index}:${name}`;
      const principal = name === undefined ? undefined : principalOf(id);
      if (principal) return { principal, credential: { kind: 'certificate', id, expiresMs } };
    }
    report(names);
    return 'none';
  };

  const report = (names: ClientNames): void => {
    const key = names.fingerprint256.join();
    if (logged.has(key)) return;
    if (logged.size >= MAX_LOGGED) logged.clear();
    logged.add(key);
    log(
      'warn',
      `a client certificate matches no rule of server.tls.client_map: ${JSON.stringify(names).slice(0, 500)}`,
    );
  };

  return {
    isRequired: certificates.isRequired,
    identityOf: (connection) => {
      const certificate = connection && certificates.of(connection);
      if (!certificate) return certificates.isRequired ? { refused: 'certificate-missing' } : undefined;
      if (certificate.refused !== undefined) return { refused: certificate.refused };
      if (clock.wallMs() >= certificate.notAfterMs) return { refused: 'certificate-expired' };
      let identity = identities.get(certificate);
      if (!identity) {
        identity = identify(certificate);
        identities.set(certificate, identity);
      }
      if (identity !== 'none') return identity;
      return certificates.isRequired ? { refused: 'certificate-unknown' } : undefined;
    },
    principalOf: ({ id, expiresMs }) => {
      if (expiresMs !== undefined && clock.wallMs() >= expiresMs) return { refused: 'expired' };
      return principalOf(id) ?? { refused: 'revoked' };
    },
  };
}

/** Returns the name that a rule gives a certificate; `undefined` if the rule does not match. */
function matchedName({ name, field, pattern }: CompiledRule, names: ClientNames): string | undefined {
  for (const value of names[field]) {
    const found = pattern.exec(comparable(field, value));
    if (!found) continue;
    if (!name.includes('*')) return name;
    const part = found[1] ?? '';
    if (NAME_PART.test(part)) return name.replace('*', () => part);
  }
  return undefined;
}

/** Characters that `*` does not match: they separate the segments of a value. */
const SEPARATORS: Readonly<Record<ClientRule['field'], string>> = {
  uri: '/?#',
  dns: '.',
  email: '@',
  cn: '',
  fingerprint256: '',
};

function patternOf({ field, value }: ClientRule): RegExp {
  const anything = SEPARATORS[field] === '' ? '(.+)' : `([^${SEPARATORS[field]}]+)`;
  const parts = comparable(field, value)
    .split('*')
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  return new RegExp(`^${parts.join(anything)}$`, 'su');
}

/** Host names have no case; a text in one script can be encoded in several ways. */
function comparable(field: ClientRule['field'], value: string): string {
  if (field === 'dns') return value.toLowerCase();
  if (field === 'cn') return value.normalize('NFC');
  if (field !== 'email') return value;
  const at = value.lastIndexOf('@');
  return value.slice(0, at + 1) + value.slice(at + 1).toLowerCase();
}
