import type { FlatConfig } from './gateway-config.ts';

/** Parts of a certificate that a rule can compare. */
const FIELDS = ['uri', 'dns', 'email', 'cn', 'fingerprint256'] as const;
export type CertificateField = (typeof FIELDS)[number];

/** A rule of `server.tls.client_map`. */
export interface ClientRule {
  /** Name of the principal; `*` stands for the characters that matched the `*` of `value`. */
  readonly name: string;
  readonly role: string;
  readonly field: CertificateField;
  /** Compared with each value of the field; at most one `*`, none in a fingerprint. */
  readonly value: string;
}

/** Maximum rules: each is compared with each new connection until one matches. */
export const MAX_CLIENT_RULES = 200;
const MAX_VALUE_LENGTH = 1024;

/** The name can be sent to another gateway as the client of a forwarded request. */
const NAME = /^[\w.@+*-]{1,64}$/;
const RULE = /^([^=:]*):([^=:]*)=([^:]*):(.*)$/s;
const EXAMPLE = 'Example: ci:operator = uri:spiffe://plant.example/ci';

/** Returns the rules of `server.tls.client_map`, which were validated. */
export function clientRules(entries: readonly string[]): readonly ClientRule[] {
  return entries.flatMap((entry) => {
    const parsed = parseRule(entry);
    return typeof parsed === 'string' ? [] : parsed;
  });
}

/** Returns the rule of an entry, or its problem as the end of a sentence. */
function parseRule(entry: string): ClientRule | string {
  const parts = RULE.exec(entry);
  if (!parts) return `is not name:role = field:value. ${EXAMPLE}`;
  const [name, role, field, value] = parts.slice(1).map((part) => part.trim()) as [string, string, string, string];
  const known = FIELDS.find((each) => each === field);
  if (!known) return `compares "${field}": use ${FIELDS.join(', ')}. ${EXAMPLE}`;
  if (!NAME.test(name)) return 'needs a name of 1 to 64 ASCII letters, digits and the characters . _ @ + -';
  if (!/^[\w.-]{1,64}$/.test(role)) return `needs a role. ${EXAMPLE}`;
  if (value === '' || value.length > MAX_VALUE_LENGTH) return `needs a value of 1 to ${MAX_VALUE_LENGTH} characters`;
  const stars = value.split('*').length - 1;
  if (known === 'fingerprint256') {
    const digits = value
      .replace(/^sha256:/i, '')
      .replaceAll(':', '')
      .toLowerCase();
    if (!/^[\da-f]{64}$/.test(digits))
      return 'needs 64 hexadecimal digits: openssl x509 -noout -fingerprint -sha256 -in <cert>';
    if (name.includes('*')) return 'has a * in its name, but a fingerprint has none';
    return { name, role, field: known, value: `sha256:${digits}` };
  }
  if (stars > 1) return 'has several * in its value: one is allowed';
  if (name.split('*').length - 1 > stars) return 'has a * in its name that stands for no * of its value';
  return { name, role, field: known, value };
}

/** Checks the settings of client certificates. Returns each problem with its remedy. */
export function clientAuthRefusals(config: FlatConfig): readonly string[] {
  const mode = config['server.tls.client_auth'];
  const entries = config['server.tls.client_map'];
  const refusals = entries.flatMap((entry) => {
    const parsed = parseRule(entry);
    return typeof parsed === 'string' ? [`server.tls.client_map: "${entry}" ${parsed}`] : [];
  });
  if (entries.length > MAX_CLIENT_RULES)
    refusals.push(`server.tls.client_map has ${entries.length} entries: the maximum is ${MAX_CLIENT_RULES}`);
  if (!config['server.tls.enabled'])
    refusals.push(`server.tls.client_auth is ${mode}, but clients have certificates only with server.tls.enabled`);
  if (config['server.tls.client_ca_file'] === '')
    refusals.push('server.tls.client_ca_file is not set: server.tls.client_auth needs the authority of the clients');
  if (mode !== 'required') return refusals;
  if (config['fleet.enabled'])
    refusals.push(
      'server.tls.client_auth: required would refuse the robots of the fleet, which use the key of their enrolment: use optional',
    );
  else if (entries.length === 0)
    refusals.push(`server.tls.client_map has no rule, so that every client would be refused. ${EXAMPLE}`);
  return refusals;
}
