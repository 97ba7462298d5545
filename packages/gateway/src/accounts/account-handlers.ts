import type { Credential as AccountCredential, User, UserChange } from '@medkit/accounts';
import { ALL_ROUTES, API_BASE, SovdError } from '@medkit/contract';
import type { Principal } from '@medkit/core';
import { Answer, done } from '../http/answer.ts';
import { isEventRoute } from '../http/event-reply.ts';
import type { Exchange, Handlers } from '../http/exchange.ts';
import type { Credential } from '../security/identity.ts';
import { withAccountErrors } from './account-errors.ts';
import { keyInfo, principalInfo, sessionInfo, userInfo } from './account-infos.ts';
import { callingUserName, nameOf, sessionUserOf } from './calling-user.ts';
import { credentialOwner, mayManageKey } from './credential-owner.ts';
import type { GatewayAccounts } from './gateway-accounts.ts';
import { generatePassword } from './generate-password.ts';
import type { PlacesOf } from './grant-places.ts';
import type { LoginContext } from './log-in.ts';
import { verified } from './log-in-handlers.ts';
import { changeNotes, limitNotes, requestedLimits } from './requested-limits.ts';

type AccountHandlers = Pick<
  Handlers,
  | 'changeUser'
  | 'createApiKey'
  | 'createStreamTicket'
  | 'createUser'
  | 'deleteApiKey'
  | 'deleteUser'
  | 'endSession'
  | 'endSessions'
  | 'getMe'
  | 'getUser'
  | 'listApiKeys'
  | 'listSessions'
  | 'listUsers'
>;

const DAY_MS = 86_400_000;
/** Path patterns of all event streams. */
const STREAMS = ALL_ROUTES.filter(isEventRoute).map(
  ({ path }) => new RegExp(`^${API_BASE}${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
);

/** Handlers of users, keys and sessions: the caller's own, or all of them with the permission `accounts`. */
export function accountHandlers(known: LoginContext & { readonly placesOf?: PlacesOf | undefined }): AccountHandlers {
  const { accounts, clock, placesOf } = known;
  const { users, keys, sessions } = accounts;
  return {
    getMe: ({ principal, credential }) => principalInfo(principal, credential),

    listUsers: () => ({ items: users.list().map(userInfo) }),
    getUser: ({ path }) => userInfo(found(users.find(path['user_name'] ?? ''), 'user', path['user_name'])),
    createUser: async ({ body, principal, note }) => {
      const { name, role, password } = body!;
      const limits = await requestedLimits(body!, principal, placesOf);
      note({ user: name, role, ...limitNotes(limits) });
      const madeUp = typeof password === 'string' ? undefined : generatePassword();
      const user = await withAccountErrors(() =>
        users.add({
          name,
          role,
          password: madeUp ?? String(password),
          mustChange: madeUp !== undefined,
          ...limits,
        }),
      );
      return new Answer(201, { ...userInfo(user), ...(madeUp !== undefined && { password: madeUp }) });
    },
    changeUser: async ({ path, body, principal, note }) => {
      const { role, disabled, password } = body!;
      const name = path['user_name'] ?? '';
      const limits = await requestedLimits(body!, principal, placesOf);
      const change = {
        ...limits,
        ...(typeof role === 'string' && { role }),
        ...(typeof disabled === 'boolean' && { disabled }),
        ...(typeof password === 'string' && { password, mustChange: true }),
      };
      note({ user: name, ...noted(change, users.find(name)) });
      return userInfo(await withAccountErrors(() => users.change(name, change)));
    },
    deleteUser: async ({ path, note }) => {
      const name = path['user_name'] ?? '';
      note({ user: name });
      await withAccountErrors(() => users.remove(name));
      return done();
    },

    listApiKeys: ({ principal }) => {
      const all = keys.list();
      const visible = managesAccounts(principal) ? all : all.filter((key) => mayManageKey(principal, key, accounts));
      return { items: visible.map((key) => keyInfo(key, known)) };
    },
    createApiKey: async (exchange) => {
      const { principal, body, note } = exchange;
      const { name, role, permissions, expires_in_days: days, never_expires, password } = body!;
      const limits = await requestedLimits(body!, principal, placesOf);
      const owner = ownerId(principal, known);
      const chosen = typeof role === 'string' ? role : principal.role;
      refuseBeyond(principal, permissions ?? [...(accounts.roles.permissionsOf(chosen) ?? [])]);
      await confirmPassword(known, exchange, password);
      const { key, text } = await withAccountErrors(() =>
        keys.add({
          name,
          role: chosen,
          owner,
          ...(permissions && { permissions }),
          ...limits,
          ...(typeof days === 'number' && { expiresMs: Math.round(clock.wallMs()) + days * DAY_MS }),
          ...(never_expires === true && { expiresMs: 'never' as const }),
        }),
      );
      note({ key: key.id, role: chosen, ...limitNotes(limits) });
      return new Answer(201, { ...keyInfo(key, known), key: text });
    },
    deleteApiKey: async ({ path, principal, note }) => {
      const id = path['key_id'] ?? '';
      const key = keys.find(id);
      found(key && (mayManageKey(principal, key, accounts) || managesAccounts(principal)) ? key : undefined, 'key', id);
      note({ key: id });
      await withAccountErrors(() => keys.remove(id));
      return done();
    },

    listSessions: ({ principal, credential }) => {
      const owner = managesAccounts(principal) ? undefined : sessionUserOf(credentialOwner(principal, accounts));
      return { items: sessions.list(owner).map((session) => sessionInfo(session, credential)) };
    },
    endSessions: async ({ principal, credential }) => {
      const { kind, id } = credential;
      await withAccountErrors(() =>
        sessions.endOthers(
          principal.kind === 'oidc' ? principal.id : callingUserName(principal),
          kind === 'session' ? id : undefined,
        ),
      );
      return done();
    },
    endSession: async ({ path, principal, note }) => {
      const id = path['session_id'] ?? '';
      const session = sessions.find(id);
      const isOwner = session !== undefined && session.user === sessionUserOf(credentialOwner(principal, accounts));
      found(isOwner || managesAccounts(principal) ? session : undefined, 'session', id);
      note({ session: id });
      await withAccountErrors(() => sessions.end(id));
      return done();
    },

    createStreamTicket: async ({ body, credential }) => {
      const of = ofAccount(credential);
      const path = pathIn(body!.path);
      const { ticket, expiresInSec } = await withAccountErrors(async () => known.tickets.issue(of, path));
      return new Answer(201, { ticket, expires_in: expiresInSec });
    },
  };
}

/** Returns the audit notes of a change, with old and new values. Of a password, only that it changed. */
function noted(change: UserChange, before: User | undefined): Readonly<Record<string, string>> {
  const { password, mustChange: _, grants, scopes, ...rights } = change;
  const pairs = Object.entries(rights).map(([name, value]) => {
    const old = before?.[name as 'role' | 'disabled'];
    return [name, `${old ?? ''} → ${value}`];
  });
  return {
    ...Object.fromEntries(pairs),
    ...changeNotes({ ...(grants && { grants }), ...(scopes && { scopes }) }, before),
    ...(password !== undefined && { password: 'changed' }),
  };
}

const managesAccounts = ({ permissions }: Principal): boolean => permissions.has('accounts');

/** Returns the owner of a new key. Throws for an unauthenticated client. */
function ownerId(principal: Principal, { accounts }: GatewayAccounts): string {
  if (principal.kind === 'anonymous')
    throw new SovdError({ code: 'unauthorized', message: 'Log in first: a key must belong to a user' });
  // Its role comes with each token of the provider, so the gateway could not restrict the key later.
  if (principal.kind === 'oidc')
    throw new SovdError({
      code: 'precondition-not-fulfilled',
      message:
        'An account of the identity provider cannot own keys: send its access token, or let a user of this gateway create the key',
    });
  if (principal.kind === 'certificate')
    throw new SovdError({
      code: 'precondition-not-fulfilled',
      message: 'A client certificate cannot own keys: let a user of this gateway create the key',
    });
  return credentialOwner(principal, accounts).id;
}

/**
 * Throws if the new key would have permissions that the caller lacks now. These may be fewer than those of its role:
 * before a required password change, or for a forwarded request.
 */
function refuseBeyond({ id, permissions }: Principal, wanted: readonly string[]): void {
  const more = wanted.filter((each) => !(permissions as ReadonlySet<string>).has(each));
  if (more.length === 0) return;
  const message = `The key has permissions that ${id} does not have: ${more.join(', ')}`;
  throw new SovdError({ code: 'insufficient-access-rights', message });
}

function found<T>(thing: T | undefined, what: string, name: string | undefined): T {
  if (thing !== undefined) return thing;
  throw new SovdError({
    code: 'resource-not-found',
    message: `There is no ${what} ${name}`,
    parameters: { [what]: name },
  });
}

/**
 * Throws unless a user's request has the right password: a key outlives its session, so a stolen session must not
 * suffice to create one. API keys and the token of the server have no password.
 */
async function confirmPassword(known: LoginContext, exchange: Exchange, password: unknown): Promise<void> {
  if (exchange.principal.kind !== 'user') return;
  if (typeof password !== 'string') {
    const message = 'To create an API key, also send your password as `password`';
    throw new SovdError({ code: 'invalid-parameter', message, parameters: { parameter: 'password' } });
  }
  await verified(known, exchange, nameOf(exchange.principal), password);
}

/** Returns the path of a stream URL: a ticket is valid for one stream, with any query. */
function pathIn(text: string): string {
  const [path = ''] = text.split('?', 1);
  if (STREAMS.some((pattern) => pattern.test(path))) return path;
  const message = `"${path}" is not an event stream of this gateway, such as ${API_BASE}/faults/stream`;
  throw new SovdError({ code: 'invalid-parameter', message, parameters: { path } });
}

/** Returns the credential that a ticket can represent. Throws for clients without an account. */
function ofAccount(credential: Credential): AccountCredential {
  const { kind } = credential;
  if (kind === 'none' || kind === 'token' || kind === 'certificate' || kind === 'plugin' || kind === 'hub')
    throw noAccount();
  return credential as AccountCredential;
}

function noAccount(): SovdError {
  return new SovdError({ code: 'not-implemented', message: 'A ticket needs a key, a session or a token' });
}
