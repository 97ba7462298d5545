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
  /** Replaces the signing key by a new one. */
  rotateKey(): void;
  /** Refuses all connections until the provider is resumed. */
  suspend(): Promise<void>;
  resume(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts the identity provider `oidc-provider` on loopback.
 *
 * @param redirectUri address to which the login of a gateway returns
 */
export async function testIdentityProvider(redirectUri = 'http://localhost/callback'): Promise<TestIdentityProvider> {
  let answer: RequestListener = (_request, response) => response.writeHead(503).end();
  let requests = 0;
  let groups: unknown;
  let user: LoginUser | undefined;
  const server = createServer((request, response) => {
    if (request.url === '/jwks') requests += 1;
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
    const groupsOf = { service: () => groups, user: () => user?.groups };
    const provider = new Provider(issuer, configurationOf(key, redirectUri, groupsOf));
    const serve = provider.callback();
    answer = (request, response) => {
      if (request.url?.startsWith('/interaction/')) void finishInteraction(provider, request, response, user);
      else void serve(request, response);
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

interface TestGroups {
  service(): unknown;
  user(): unknown;
}

function configurationOf(key: JWK, redirectUri: string, groups: TestGroups): Configuration {
  return {
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
        client_id: 'medkit-pages',
        client_secret: 'secret: of & the pages',
        redirect_uris: [redirectUri],
        post_logout_redirect_uris: [redirectUri.replace(/\/api\/.*$/, '/')],
      },
    ],
    claims: { openid: ['sub', 'groups'] },
    findAccount: (_context, accountId) => ({
      accountId,
      claims: () => ({ sub: accountId, groups: groups.user() as string }),
    }),
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    // The user has consented before.
    loadExistingGrant: async ({ oidc }) => {
      const clientId = oidc.client?.clientId ?? '';
      const grant = new oidc.provider.Grant({ clientId, accountId: oidc.session?.accountId ?? '' });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
    extraTokenClaims: () => ({ groups: groups.service() }),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
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
