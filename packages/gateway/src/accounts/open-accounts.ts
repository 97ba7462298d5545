import { resolve } from 'node:path';
import * as accounts from '@medkit/accounts';
import { errorMessage, type Log } from '@medkit/core';
import type { Clock, Files, HttpClient, Random, WritableFiles } from '@medkit/edges';
import { StoreError } from '@medkit/store';
import type { GatewayConfig } from '../config/index.ts';
import type { HubDatabase } from '../database/hub-database.ts';
import { LoginThrottle } from '../limits/login-throttle.ts';
import { StartRefused } from '../listen.ts';
import type { ConfiguredProvider } from '../oidc/configured-provider.ts';
import type { SingleSignOn } from '../oidc/single-sign-on.ts';
import { cookieNameOf } from '../security/session-cookie.ts';
import { openAccountStore } from './account-store.ts';
import { deviceCookies } from './device-cookies.ts';
import type { GatewayAccounts } from './gateway-accounts.ts';
import { readUsersFile } from './read-users-file.ts';
import { NO_SETUP, openSetup } from './setup.ts';
import { tokenSigning } from './token-signing.ts';

export interface OpenAccountsOptions {
  readonly config: GatewayConfig;
  readonly files: Pick<Files, 'readText'> & Pick<WritableFiles, 'remove' | 'replaceText'>;
  readonly clock: Clock;
  readonly random: Random;
  /** Fetches the keys of the identity provider. */
  readonly http: HttpClient;
  readonly hostName: string;
  /** Instance name of the gateway: its tokens and cookies are valid here alone. */
  readonly instance: string;
  /** Whether clients use TLS. */
  readonly isSecure: boolean;
  /** Contains the accounts, if the gateway is a hub on PostgreSQL. */
  readonly hubDatabase?: HubDatabase | undefined;
  readonly log: Log;
}

/** Open accounts. */
export interface OpenAccounts extends GatewayAccounts {
  /**
   * Reloads users file and database, which a command may have changed. If that fails, the previous state is retained.
   */
  reload(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the accounts of a gateway. Throws `StartRefused` if they cannot be opened as configured. */
export async function openGatewayAccounts(options: OpenAccountsOptions): Promise<OpenAccounts> {
  const { config, files, clock, random, hostName, instance, isSecure, log } = options;
  const { auth, server } = config;
  if (auth.refresh_token_expiry_seconds < auth.token_expiry_seconds) {
    throw new StartRefused('auth.refresh_token_expiry_seconds is less than auth.token_expiry_seconds');
  }
  const roles = refusing(() => accounts.rolesOf(config.roles, { compat: auth.compat_roles }));
  const { clients, problems } = accounts.clientsOf(auth.clients, roles);
  for (const problem of problems) log('warn', problem);
  const declared = async () => (auth.users_file === '' ? [] : await readUsersFile(files, auth.users_file));
  const signing = await tokenSigning(auth, files);
  const declaredUsers = await declared();
  const provider = await openProvider(options, roles);
  const store = await openAccountStore(options).catch(unusable);
  try {
    const known = await accounts.openAccounts({
      store,
      clock,
      random,
      log,
      roles,
      hostName,
      declaredUsers,
      clients,
      tokens: {
        signing,
        issuer: auth.issuer,
        audience: instance,
        // Tokens of ros2_medkit have no audience.
        withoutAudience: signing.algorithm !== 'EdDSA',
        accessMs: auth.token_expiry_seconds * 1000,
        refreshMs: auth.refresh_token_expiry_seconds * 1000,
        rotation: auth.refresh_rotation,
      },
      ...(provider && { provider: provider.tokens }),
      sessionIdleMs: auth.session_idle_sec * 1000,
      sessionLifeMs: auth.session_life_sec * 1000,
    });
    const hasUsers = known.users.list().length > 0;
    const missingUserText = 'accounts are enabled, but no user exists: create the first user with "medkit auth init"';
    if (!hasUsers && clients.length === 0 && server.token === '' && !auth.setup && !provider)
      log('warn', missingUserText);
    const setup = { clock, random, files, file: resolve(config.data_dir, 'setup-code'), log };
    const requiredFor = requiredBy(config);
    const singleSignOn = await provider?.singleSignOn(await accounts.accountSecret(store, random, 'single sign-on'));
    const stopRenewal = await openRenewal(options, known, singleSignOn);
    const deviceKey = await accounts.accountSecret(store, random, 'device marks');
    const reload = async () => known.reload({ declaredUsers: await declared(), clients });
    // An older copy of the database may lack users and sessions.
    options.hubDatabase?.onReopened('accounts', () => {
      reload().catch((error: unknown) =>
        log('error', `users and keys could not be read again: ${errorMessage(error)}`),
      );
    });
    return {
      accounts: known,
      tickets: ticketsOf(clock, random, known),
      throttle: new LoginThrottle(clock, random),
      clock,
      cookieName: cookieNameOf(instance, isSecure),
      cookieSec: auth.session_life_sec,
      devices: deviceCookies(deviceKey, random),
      positionKey: () => accounts.accountSecret(store, random, 'positions in event streams'),
      singleSignOn,
      setup: auth.setup && !hasUsers ? openSetup(setup) : NO_SETUP,
      requiredFor,
      about: {
        ...{ enabled: true, algorithm: signing.algorithm, require_auth_for: requiredFor },
        ...(singleSignOn && { single_sign_on: true }),
        ...(provider?.deviceLogin && { device_login: provider.deviceLogin }),
      },
      reload,
      close: async () => {
        stopRenewal?.();
        await known.close();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error instanceof accounts.AccountsRefused || error instanceof StoreError ? unusable(error) : error;
  }
}

/** Opens the identity provider. Loaded only if one is configured. */
async function openProvider(
  options: OpenAccountsOptions,
  roles: accounts.Roles,
): Promise<ConfiguredProvider | undefined> {
  if (options.config.auth.oidc.issuer === '') return undefined;
  const { configuredProvider } = await import('../oidc/configured-provider.ts');
  return configuredProvider({ ...options, roles });
}

/** Reads the groups of sessions again, and revokes the refresh tokens of ended ones. Loaded only if that is configured. */
async function openRenewal(
  { config, clock, log }: OpenAccountsOptions,
  { sessions }: Pick<accounts.Accounts, 'sessions'>,
  singleSignOn: SingleSignOn | undefined,
): Promise<(() => void) | undefined> {
  const refresh = singleSignOn?.refresh;
  if (!refresh) return undefined;
  const { issuer, offline_max_sec } = config.auth.oidc;
  const { renewSessions } = await import('../oidc/renew-sessions.ts');
  const { revokeTokens } = await import('../oidc/revoke-tokens.ts');
  const { add: revoke, stop: stopRevoking } = revokeTokens({ ...{ issuer, clock, log }, revoke: refresh.revoke });
  const stopListening = sessions.onEnd(({ account, renewal }) => {
    if (account.issuer === issuer) revoke(account.id, renewal);
  });
  const offlineMaxMs = offline_max_sec * 1000;
  const stopRenewing = renewSessions({ sessions, renew: refresh.renew, revoke, issuer, offlineMaxMs, clock, log });
  return () => {
    stopRenewing();
    stopListening();
    stopRevoking();
  };
}

/** Returns which requests require authentication. */
function requiredBy({ auth, server }: GatewayConfig): GatewayAccounts['requiredFor'] {
  const said = auth.require_auth_for.toLowerCase();
  if (said === 'none' || said === 'write' || said === 'all') return said;
  return auth.enabled && server.token === '' ? 'write' : 'all';
}

function ticketsOf(
  clock: Clock,
  random: Random,
  { principalOf }: Pick<accounts.Accounts, 'principalOf'>,
): GatewayAccounts['tickets'] {
  const tickets = accounts.streamTickets<accounts.Credential>({ clock, random });
  return {
    quota: tickets.quota,
    issue: (credential, path) => {
      const principal = principalOf(credential);
      const owner = 'refused' in principal ? `${credential.kind}:${credential.id}` : (principal.owner ?? principal.id);
      return { ticket: tickets.issue(owner, path, credential), expiresInSec: accounts.TICKET_LIFE_MS / 1000 };
    },
    redeem: (ticket, path) => tickets.redeem(ticket, path),
  };
}

function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof accounts.AccountsRefused ? new StartRefused(error.message) : error;
  }
}

function unusable(error: unknown): never {
  throw new StartRefused(`the accounts cannot be used: ${errorMessage(error)}`);
}
