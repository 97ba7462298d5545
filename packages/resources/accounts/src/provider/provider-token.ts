import type { Clock } from '@medkit/edges';
import { refused } from '../credential/refusal.ts';
import type { Roles } from '../role/role.ts';
import type { ProviderLogins, ProviderOptions, ProviderTokens } from './provider.ts';
import { verifyLogin, verifyRenewal } from './provider-login.ts';
import { providerRights } from './provider-rights.ts';
import { accountOf, isTokenOf, verifyToken } from './verify-token.ts';

/** `typ` of an access token (RFC 9068, 2.1); many providers write the general type. */
const TYPES: readonly unknown[] = ['at+jwt', 'application/at+jwt', 'jwt'];

/** Verifies the tokens of an identity provider. */
export function providerTokens(
  options: ProviderOptions & { readonly roles: Roles; readonly clock: Clock },
): ProviderTokens & ProviderLogins {
  const { issuer, roles, clock } = options;
  return {
    issuer,
    isFrom: (text) => isTokenOf(issuer, text),
    verify: async (text) => {
      const verified = await verifyToken(text, { ...options, nowMs: clock.wallMs() }, TYPES);
      if ('refused' in verified) return verified;
      const { payload } = verified;
      // A token that is bound to a key of its client is no bearer token (RFC 9449, RFC 8705).
      if (payload['cnf'] !== undefined) return refused('wrong-type');
      const rights = providerRights(payload, options, roles);
      if ('refused' in rights) return rights;
      return { kind: 'oidc', ...accountOf(payload, issuer, rights), expiresMs: Number(payload.exp) * 1000 };
    },
    verifyLogin: (login) => verifyLogin(login, { ...options, nowMs: clock.wallMs() }),
    verifyRenewal: (renewal) => verifyRenewal(renewal, { ...options, nowMs: clock.wallMs() }),
  };
}
