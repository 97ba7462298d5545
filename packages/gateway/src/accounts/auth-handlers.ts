import type { Grant, Granted } from '@medkit/accounts';
import type { AuthTokenResponse } from '@medkit/contract';
import { Answer } from '../http/answer.ts';
import { type Exchange, type Handlers, UNCHANGED_NOTE } from '../http/exchange.ts';
import { oauthRefusal } from '../http/form-body.ts';
import { attemptLogin, type LoginContext, loginClient } from './log-in.ts';

type TokenReply = Answer<AuthTokenResponse>;
type GrantType = Grant['type'];

/** Grant types of the routes that ros2_medkit also has, the same as there. The standard route accepts all. */
const GRANTS_AT: Readonly<Record<string, readonly GrantType[]>> = {
  '/api/v1/auth/authorize': ['client_credentials', 'password'],
  '/api/v1/auth/token': ['refresh_token'],
};
const ALL_GRANTS: readonly GrantType[] = ['client_credentials', 'password', 'refresh_token'];

/** Required members of each grant (RFC 6749, 4.3.2, 4.4.2 and 6). */
const MEMBERS: Readonly<Record<GrantType, readonly string[]>> = {
  client_credentials: ['client_id', 'client_secret'],
  password: ['username', 'password'],
  refresh_token: ['refresh_token'],
};

/** The handlers of OAuth 2.0, whose errors have their own format (RFC 6749, 5.2). */
export function authHandlers(known: LoginContext): Pick<Handlers, 'authorize' | 'getToken' | 'revokeToken'> {
  const granting = async (exchange: Exchange): Promise<TokenReply> => {
    const requested = grantIn(exchange, known.accounts.users.list().length > 0);
    return requested instanceof Answer ? requested : grant(known, exchange, requested);
  };
  return {
    authorize: granting,
    getToken: granting,
    revokeToken: async ({ body, note }) => {
      const { token } = textsIn(body);
      if (token === undefined) return oauthRefusal(400, 'invalid_request', 'token is missing');
      const subject = await known.accounts.tokens.revoke(token);
      note(subject === undefined ? { [UNCHANGED_NOTE]: '' } : { subject });
      return { status: 'revoked' };
    },
  };
}

async function grant(known: LoginContext, exchange: Exchange, requested: Grant): Promise<TokenReply> {
  const { tokens } = known.accounts;
  if (requested.type === 'refresh_token') {
    const renewed = await tokens.grant(requested);
    if ('refused' in renewed) known.onWrongLogin(exchange.remoteAddress, undefined);
    else exchange.note({ grant: requested.type });
    return replyTo(renewed, 'invalid_grant');
  }
  const isClient = requested.type === 'client_credentials';
  const account = isClient ? `client:${requested.clientId}` : requested.name;
  const attempt = { account, address: exchange.remoteAddress };
  const { waitMs, result } = await attemptLogin(known, attempt, () => tokens.grant(requested, loginClient(attempt)));
  if (result && !('refused' in result))
    exchange.note({ grant: requested.type, subject: isClient ? account : `user:${account}` });
  if (result) return replyTo(result, isClient ? 'invalid_client' : 'invalid_grant');
  const seconds = Math.ceil(waitMs / 1000);
  const refusal = oauthRefusal(429, 'slow_down', `Too many failed attempts: try again in ${seconds} s`);
  return new Answer<never>(refusal.status, refusal.body, { ...refusal.headers, 'Retry-After': String(seconds) });
}

/** Uses one message for all reasons, so that the client does not learn which one it was. */
function replyTo(result: Granted | { readonly refused: string }, error: string): TokenReply {
  if ('refused' in result) {
    const what =
      error === 'invalid_client'
        ? 'Unknown client or wrong secret'
        : 'The refresh token is invalid, expired or revoked';
    return oauthRefusal(401, error, what);
  }
  return new Answer(200, {
    access_token: result.accessToken,
    token_type: 'Bearer',
    expires_in: result.expiresInSec,
    scope: result.role,
    refresh_token: result.refreshToken,
  });
}

/**
 * Parses the requested grant, or returns the error. The password grant requires users: with clients alone, as in
 * ros2_medkit, there are no passwords.
 */
function grantIn({ url, body }: Exchange, hasUsers: boolean): Grant | TokenReply {
  const texts = textsIn(body);
  const { grant_type: type } = texts;
  if (type === undefined) return oauthRefusal(400, 'invalid_request', 'grant_type is missing');
  const granted = (GRANTS_AT[url] ?? ALL_GRANTS).filter((each) => each !== 'password' || hasUsers);
  const known = granted.find((each) => each === type);
  if (!known) return oauthRefusal(400, 'unsupported_grant_type', `grant_type must be ${granted.join(' or ')}`);
  const missing = MEMBERS[known].filter((member) => texts[member] === undefined);
  if (missing.length > 0) return oauthRefusal(400, 'invalid_request', `${missing.join(' and ')} missing`);
  const { client_id = '', client_secret = '', username = '', password = '', refresh_token = '' } = texts;
  if (known === 'client_credentials') return { type: known, clientId: client_id, clientSecret: client_secret };
  if (known === 'password') return { type: known, name: username, password };
  return { type: known, refreshToken: refresh_token };
}

/** Returns the members of a body that are non-empty texts. */
function textsIn(body: unknown): Readonly<Record<string, string | undefined>> {
  if (typeof body !== 'object' || body === null) return {};
  return Object.fromEntries(Object.entries(body).filter(([, value]) => typeof value === 'string' && value !== ''));
}
