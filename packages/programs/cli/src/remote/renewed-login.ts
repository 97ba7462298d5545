import type { Send } from '@medkit/client';
import { plainLine } from '../terminal/display-width.ts';
import { isOfProvider, type StoredTokens, storeCredential, storedCredential } from './credential-store.ts';
import { renewTokens } from './provider-tokens.ts';

/** Time before its expiry at which an access token is renewed: longer than a request takes. */
const EARLY_MS = 30_000;
/** Minimum interval of renewals, whatever the gateway replies. */
const RETRY_MS = 30_000;

/** A gateway with the login that is stored for it. */
export interface RenewedLogin {
  readonly url: string;
  readonly tokens: StoredTokens;
  readonly environment: NodeJS.ProcessEnv;
  readonly renew?: (stored: StoredTokens) => Promise<StoredTokens>;
  readonly report?: (line: string) => void;
}

/**
 * Returns a transport that renews the access token of a login at an identity provider before it expires, and once if the
 * gateway refuses it. If that fails, reports it on standard error and sends the old token: the gateway then decides.
 */
export function withRenewedLogin(send: Send, login: RenewedLogin): Send {
  const { url, environment, renew = renewTokens, report = console.error } = login;
  let { tokens } = login;
  let renewal: Promise<void> | undefined;
  let triedMs: number | undefined;

  /** Another command may have renewed the login: a refresh token can be used only once. */
  const isStoredNewer = (): boolean => {
    const stored = storedCredential(url, environment);
    const isNewer = stored !== undefined && isOfProvider(stored) && stored.access_token !== tokens.access_token;
    if (isNewer) tokens = stored;
    return isNewer;
  };
  const renewed = async (): Promise<void> => {
    if (isStoredNewer() && !expiresSoon(tokens)) return;
    if (tokens.refresh_token === undefined) return;
    try {
      tokens = await renew(tokens);
      storeCredential(url, tokens, environment);
    } catch (error) {
      if (isStoredNewer()) return;
      report(plainLine(`the login at ${tokens.issuer} cannot be renewed: ${(error as Error).message}`));
    }
  };
  const renewOnce = (): Promise<void> => {
    if (renewal) return renewal;
    if (triedMs !== undefined && performance.now() - triedMs < RETRY_MS) return Promise.resolve();
    triedMs = performance.now();
    renewal = renewed().finally(() => {
      renewal = undefined;
    });
    return renewal;
  };

  return async (address, init) => {
    const headers = init.headers as Readonly<Record<string, string>>;
    // A file on another server.
    if (headers['Authorization'] === undefined) return send(address, init);
    if (expiresSoon(tokens)) await renewOnce();
    const sent = tokens.access_token;
    const as = (token: string) => ({ ...init, headers: { ...headers, Authorization: `Bearer ${token}` } });
    const reply = await send(address, as(sent));
    if (reply.status !== 401) return reply;
    await renewOnce();
    if (tokens.access_token === sent) return reply;
    await reply.body?.cancel();
    return send(address, as(tokens.access_token));
  };
}

const expiresSoon = ({ expires_at }: StoredTokens): boolean =>
  expires_at !== undefined && Date.parse(expires_at) - Date.now() < EARLY_MS;
