import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration, type JWK } from 'oidc-provider';

/** The resource of the gateway at the provider, and so the audience of its tokens. */
export const AUDIENCE = 'urn:medkit:fleet';

interface LoginUser {
  readonly subject: string;
  readonly groups: unknown;
}

export interface TestIdentityProvider {
  readonly issuer: string;
  /** Number of requests for its keys. */
  readonly keyRequests: () => number;
  /** Returns an access token of a service account with these groups. */
  tokenOf(groups: unknown, audience?: string): Promise<string>;
  /** Account and groups of the users who log in with a browser from now on; `undefined` refuses the login. */
  logIn(account: LoginUser | undefined): void;
  /**
   * Opens the page for a code of the device flow, as a user would: confirms the code and logs in with the account of
   * `logIn`, or refuses it. Returns the text of the last page.
   */
  confirmDevice(completeUri: string, answer?: 'confirm' | 'abort'): Promise<string>;
  /** Replies to this many token requests of devices with `slow_down`, which the provider itself never does. */
  slowDown(count: number): void;
  /** Removes an account: its refresh tokens are refused. */
  remove(subject: string): void;
  /** The refresh tokens that were issued, newest last. */
  refreshTokens(): readonly string[];
  /** Returns whether a refresh token of the pages can be used, which uses it. */
  isUsable(refreshToken: string): Promise<boolean>;
  /** Number of refresh tokens that it was asked to revoke, and to which it replied. */
  revocations(): number;
  /** Receives requests without a reply. Returns a function that drops them, and replies from then on. */
  stall(): { readonly received: () => readonly string[]; readonly end: () => void };
  /** Replaces the signing key by a new one. */
  rotateKey(): void;
  /** Refuses all connections until the provider is resumed. */
  suspend(): Promise<void>;
  resume(): Promise<void>;
  close(): Promise<void>;
}

interface TestProviderOptions {
  /** Whether it offers the revocation of tokens (default true). */
  readonly revocation?: boolean;
  /** Lifetime of codes of the device flow; 0 disables the flow. */
  readonly deviceCodeSec?: number;
  readonly accessTokenSec?: number;
}

/**
 * Starts the identity provider `oidc-provider` on loopback.
 *
 * @param redirectUri address to which the login of a gateway returns
 */
export async function testIdentityProvider(
  redirectUri = 'http://localhost/callback',
  options: TestProviderOptions = {},
): Promise<TestIdentityProvider> {
  let answer: RequestListener = (_request, response) => response.writeHead(503).end();
  let requests = 0;
  let groups: unknown;
  let user: LoginUser | undefined;
  let slowReplies = 0;
  const removed = new Set<string>();
  const refreshTokens: string[] = [];
  let revocations = 0;
  const server = createServer((request, response) => {
    if (request.url === '/jwks') requests += 1;
    if (request.url === '/token' && slowReplies > 0) {
      slowReplies -= 1;
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"slow_down"}');
      return;
    }
    answer(request, response);
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  let count = 0;

  const rotateKey = (): void => {
    count += 1;
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = { ...(privateKey.export({ format: 'jwk' }) as JWK), kid: `key-${count}`, use: 'sig' };
    const groupsOf = {
      ...{ service: () => groups, user: () => user?.groups },
      isRemoved: (subject: string) => removed.has(subject),
    };
    const provider = new Provider(issuer, configurationOf(key, redirectUri, groupsOf, options));
    provider.on('grant.success', ({ body }) => {
      const { refresh_token } = body as { readonly refresh_token?: string };
      if (refresh_token !== undefined) refreshTokens.push(refresh_token);
    });
    const serve = provider.callback();
    answer = (request, response) => {
      if (request.url?.startsWith('/interaction/')) void finishInteraction(provider, request, response, user);
      else
        void serve(request, response).then(() => {
          if (request.url === '/token/revocation') revocations += 1;
        });
    };
  };
  rotateKey();

  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    issuer,
    keyRequests: () => requests,
    tokenOf: async (wanted, audience = AUDIENCE) => {
      groups = wanted;
      const reply = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from('service:its-secret').toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', resource: audience }),
      });
      const { access_token } = (await reply.json()) as { readonly access_token?: string };
      if (access_token === undefined) throw new Error(`no token: status ${reply.status}`);
      return access_token;
    },
    logIn: (next) => {
      user = next;
    },
    confirmDevice: (completeUri, answer = 'confirm') => confirmDevice(completeUri, answer),
    slowDown: (count) => {
      slowReplies = count;
    },
    remove: (subject) => void removed.add(subject),
    refreshTokens: () => refreshTokens,
    revocations: () => revocations,
    isUsable: async (refresh_token) => {
      const reply = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from('medkit-pages:secret%3A+of+%26+the+pages').toString('base64')}`,
        },
        body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token }),
      });
      const { error } = (await reply.json()) as { readonly error?: string };
      if (error !== undefined && error !== 'invalid_grant') throw new Error(`no answer: ${error}`);
      return reply.status === 200;
    },
    stall: () => {
      const before = answer;
      const held: IncomingMessage[] = [];
      answer = (request) => void held.push(request);
      return {
        received: () => held.map(({ url = '' }) => url),
        end: () => {
          answer = before;
          for (const { socket } of held) socket.destroy();
        },
      };
    },
    rotateKey,
    suspend: stop,
    resume: () => listen(port),
    close: async () => {
      if (server.listening) await stop();
    },
  };
}

/** Answers the login page of the provider, as a user would. */
function finishInteraction(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  user: LoginUser | undefined,
): Promise<void> {
  const result = user ? { login: { accountId: user.subject } } : { error: 'access_denied' };
  return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

/** Follows the redirects and sends the forms of the device pages, with the cookies of one browser. */
async function confirmDevice(completeUri: string, answer: 'confirm' | 'abort'): Promise<string> {
  const cookies = new Map<string, string>();
  let [url, form, isAnswered] = [completeUri, undefined as URLSearchParams | undefined, false];
  for (let steps = 0; steps < 12; steps += 1) {
    const reply = await fetch(url, {
      ...(form && { method: 'POST', body: form }),
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const line of reply.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = reply.headers.get('location');
    form = undefined;
    if (location !== null) {
      url = new URL(location, url).href;
      continue;
    }
    const page = await reply.text();
    const [, action] = /<form[^>]* action="([^"]+)"/.exec(page) ?? [];
    const inputs = [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
    if (isAnswered || action === undefined || inputs.length === 0) return page;
    url = new URL(action, url).href;
    form = new URLSearchParams(inputs.map(([, name = '', value = '']) => [name, value] as [string, string]));
    // The first form repeats the code of the address; the second one asks to confirm it.
    if (page.includes('deviceConfirmForm')) {
      form.delete('confirm');
      form.set(answer, 'yes');
      isAnswered = true;
    }
  }
  throw new Error(`the pages of ${completeUri} do not end`);
}

interface TestGroups {
  service(): unknown;
  user(): unknown;
  isRemoved(subject: string): boolean;
}

function configurationOf(
  key: JWK,
  redirectUri: string,
  groups: TestGroups,
  { deviceCodeSec = 600, accessTokenSec = 3600, revocation = true }: TestProviderOptions,
): Configuration {
  return {
    ttl: { DeviceCode: Math.max(deviceCodeSec, 1), AccessToken: accessTokenSec },
    jwks: { keys: [key] },
    cookies: { keys: ['a key of the test'] },
    clients: [
      {
        client_id: 'service',
        client_secret: 'its-secret',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
      {
        client_id: 'medkit-cli',
        token_endpoint_auth_method: 'none',
        grant_types: deviceCodeSec > 0 ? ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'] : [],
        redirect_uris: [],
        response_types: [],
      },
      {
        client_id: 'medkit-pages',
        client_secret: 'secret: of & the pages',
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: [redirectUri],
        post_logout_redirect_uris: [redirectUri.replace(/\/api\/.*$/, '/')],
      },
    ],
    claims: { openid: ['sub', 'groups'] },
    findAccount: (_context, accountId) =>
      groups.isRemoved(accountId)
        ? undefined
        : { accountId, claims: () => ({ sub: accountId, groups: groups.user() as string }) },
    // As providers do that need no scope for it.
    issueRefreshToken: async (_context, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    // The user has consented before.
    loadExistingGrant: async ({ oidc }) => {
      const clientId = oidc.client?.clientId ?? '';
      const grant = new oidc.provider.Grant({ clientId, accountId: oidc.session?.accountId ?? '' });
      grant.addOIDCScope('openid offline_access');
      grant.addResourceScope(AUDIENCE, '');
      await grant.save();
      return grant;
    },
    extraTokenClaims: (_context, { kind }) => ({ groups: kind === 'AccessToken' ? groups.user() : groups.service() }),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: { enabled: revocation },
      deviceFlow: { enabled: deviceCodeSec > 0 },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, audience) => ({
          scope: '',
          audience,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  };
}
