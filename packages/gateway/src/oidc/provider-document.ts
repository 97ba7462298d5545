import type { JSONWebKeySet, JWK } from '@medkit/accounts/provider';

/** Maximum keys of a provider that are read. Providers publish two or three. */
const MAX_PROVIDER_KEYS = 100;
/** Types of public keys. */
const KEY_TYPES: readonly unknown[] = ['RSA', 'EC', 'OKP'];

/** What a provider publishes about itself (OpenID Connect Discovery 3), as far as the gateway uses it. */
export interface ProviderDocument {
  readonly issuer: string;
  readonly jwks_uri: string;
  readonly authorization_endpoint?: string;
  readonly token_endpoint?: string;
  readonly userinfo_endpoint?: string;
  readonly end_session_endpoint?: string;
  /** RFC 8628, 4. */
  readonly device_authorization_endpoint?: string;
  /** RFC 7009. */
  readonly revocation_endpoint?: string;
  readonly token_endpoint_auth_methods_supported?: readonly string[];
  readonly authorization_response_iss_parameter_supported?: boolean;
}

const ENDPOINTS = [
  ...['authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'end_session_endpoint'],
  ...['device_authorization_endpoint', 'revocation_endpoint'],
] as const;

/** The published configuration and keys of a provider. */
export interface ProviderState {
  readonly document: ProviderDocument;
  readonly keys: JSONWebKeySet;
  /** When both were fetched, by the wall clock. */
  readonly fetchedMs: number;
}

/** Returns the address of the configuration of a provider (OpenID Connect Discovery 4). */
export function discoveryUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}

/** Reads the configuration of a provider. Throws if it is not that of `issuer`. */
export function readDocument(value: unknown, issuer: string): ProviderDocument {
  const fields = fieldsOf(value);
  const { issuer: named, jwks_uri, token_endpoint_auth_methods_supported: methods } = fields;
  if (named !== issuer)
    throw new Error(`its configuration is of the issuer ${JSON.stringify(named)}, but auth.oidc.issuer is "${issuer}"`);
  if (typeof jwks_uri !== 'string' || !isSafe(jwks_uri, issuer))
    throw new Error('its configuration has no jwks_uri with https:');
  const endpoints = ENDPOINTS.map((name) => [name, fields[name]] as const).filter(
    ([, url]) => typeof url === 'string' && isSafe(url, issuer),
  );
  return {
    ...{ issuer, jwks_uri, ...Object.fromEntries(endpoints) },
    ...(Array.isArray(methods) && { token_endpoint_auth_methods_supported: methods }),
    ...(fields['authorization_response_iss_parameter_supported'] === true && {
      authorization_response_iss_parameter_supported: true,
    }),
  };
}

/** Reads the keys of a provider; ignores keys that verify no signatures. Throws if there are none. */
export function readKeys(value: unknown): JSONWebKeySet {
  const { keys: all } = fieldsOf(value);
  const keys = (Array.isArray(all) ? all : []).slice(0, MAX_PROVIDER_KEYS).filter(isVerificationKey);
  if (keys.length === 0) throw new Error('it publishes no keys');
  return { keys };
}

/** Reads a stored state; `undefined` if it is damaged or of another provider. */
export function readState(text: string, issuer: string): ProviderState | undefined {
  try {
    const { document, keys, fetchedMs } = fieldsOf(JSON.parse(text));
    if (typeof fetchedMs !== 'number') return undefined;
    return { document: readDocument(document, issuer), keys: readKeys(keys), fetchedMs };
  } catch {
    // A copy that cannot be read is fetched again.
    return undefined;
  }
}

/** Without TLS only on this machine, as the issuer itself. */
function isSafe(url: string, issuer: string): boolean {
  return URL.canParse(url) && (url.startsWith('https://') || new URL(url).origin === new URL(issuer).origin);
}

function isVerificationKey(key: unknown): key is JWK {
  const { kty, use } = fieldsOf(key);
  return KEY_TYPES.includes(kty) && (use === undefined || use === 'sig');
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
