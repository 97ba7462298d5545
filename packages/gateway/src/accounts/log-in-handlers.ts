import type { User } from '@medkit/accounts';
import { type PrincipalInfo, SovdError } from '@medkit/contract';
import { Answer, done } from '../http/answer.ts';
import type { Exchange, Handlers } from '../http/exchange.ts';
import { WrongCredentials } from '../limits/wrong-credentials.ts';
import type { Credential } from '../security/identity.ts';
import { cookieIn, sessionCookie } from '../security/session-cookie.ts';
import { withAccountErrors } from './account-errors.ts';
import { principalInfo } from './account-infos.ts';
import { callingUserName, nameOf } from './calling-user.ts';
import type { GatewayAccounts } from './gateway-accounts.ts';
import { attemptLogin, type LoginContext, loginClient, tooManyLogins } from './log-in.ts';

/** How long a browser is remembered as a known device. */
const DEVICE_SEC = 90 * 86_400;

/** The handlers of logins and logouts with a password, and of the setup of the first user. */
export function logInHandlers(
  known: LoginContext,
): Pick<Handlers, 'changePassword' | 'getSetup' | 'logIn' | 'logOut' | 'setUp'> {
  const { users, sessions } = known.accounts;
  const wrongCodes = new WrongCredentials(known.clock);
  return {
    logIn: async (exchange) => {
      const { name, password, new_password: next } = exchange.body!;
      const user = await verified(known, exchange, name, password);
      if (typeof next === 'string') await withAccountErrors(() => users.change(user.name, { password: next }));
      exchange.note({ user: user.name });
      return begun(known, exchange, user.name);
    },
    logOut: async ({ credential, note }) => {
      const { kind, id } = credential;
      if (kind !== 'session') throw noSession();
      note({ session: id });
      await withAccountErrors(() => sessions.end(id));
      return done({ 'Set-Cookie': sessionCookie(known.cookieName, '', 0) });
    },
    changePassword: async (exchange) => {
      const { password, new_password, end_keys } = exchange.body!;
      const name = callingUserName(exchange.principal);
      await verified(known, exchange, name, password);
      const { kind, id } = exchange.credential;
      await withAccountErrors(() =>
        users.change(name, { password: new_password, endKeys: end_keys === true }, kind === 'session' ? id : undefined),
      );
      return done();
    },

    getSetup: () => {
      const { untilMs } = known.setup;
      return untilMs === undefined ? { needed: false } : { needed: true, until: new Date(untilMs).toISOString() };
    },
    setUp: async (exchange) => {
      const { code, name, password } = exchange.body!;
      if (known.setup.untilMs === undefined) throw noSetup();
      if (!known.setup.accepts(code)) {
        known.onWrongLogin(exchange.remoteAddress, undefined);
        // Only wrong codes count: the owner with the right one may share the address of an attacker.
        const tooMany = wrongCodes.count(exchange.remoteAddress);
        if (tooMany) throw tooManyLogins(tooMany.waitMs);
        throw new SovdError({ code: 'unauthorized', message: 'The code is wrong' });
      }
      exchange.note({ user: name, role: 'admin' });
      await withAccountErrors(() => users.add({ name, role: 'admin', password }));
      await known.setup.done();
      return begun(known, exchange, name);
    },
  };
}

/** Returns the user with this name and password. Throws 401, or 429 after too many recent failures. */
export async function verified(known: LoginContext, exchange: Exchange, name: string, password: string): Promise<User> {
  const account = name.toLowerCase();
  const mark = cookieIn(exchange.headers['cookie'] as string | undefined, deviceCookie(known));
  const { kind, id } = exchange.credential;
  // A session of this user identifies a known device as well as the cookie.
  const session = kind === 'session' && nameOf(exchange.principal).toLowerCase() === account ? id : undefined;
  const device = session ?? known.devices.idOf(account, mark);
  const attempt = { account, address: exchange.remoteAddress, device };
  const { waitMs, result } = await withAccountErrors(() =>
    attemptLogin(known, attempt, () => known.accounts.users.verify(account, password, loginClient(attempt))),
  );
  if (!result) throw tooManyLogins(waitMs);
  if ('refused' in result) throw new SovdError({ code: 'unauthorized', message: 'Wrong name or password' });
  return result;
}

/** Returns the reply that begins a session: the principal and the session cookie. */
async function begun(known: LoginContext, exchange: Exchange, name: string): Promise<Answer<PrincipalInfo>> {
  const { accounts, cookieName, cookieSec, devices } = known;
  const from = { userAgent: String(exchange.headers['user-agent'] ?? ''), address: exchange.remoteAddress };
  const { session, cookie } = await withAccountErrors(() => accounts.sessions.begin(name, from));
  const credential: Credential = { kind: 'session', id: session.id, expiresMs: session.expiresMs };
  const principal = accounts.principalOf(credential);
  if ('refused' in principal) throw new SovdError({ code: 'unauthorized', message: 'This user is disabled' });
  return new Answer(200, principalInfo(principal, credential), {
    'Set-Cookie': [
      sessionCookie(cookieName, cookie, cookieSec),
      sessionCookie(deviceCookie(known), devices.markOf(name.toLowerCase()), DEVICE_SEC),
    ],
  });
}

const deviceCookie = ({ cookieName }: GatewayAccounts): string => `${cookieName}-device`;

function noSession(): SovdError {
  const message =
    'There is no session to end: the request came with a key or token. DELETE /auth/keys/{key_id} revokes a key';
  return new SovdError({ code: 'not-implemented', message });
}

function noSetup(): SovdError {
  const message = 'The first user already exists, or the setup time has expired: restart the gateway with --setup';
  return new SovdError({ code: 'not-implemented', message });
}
