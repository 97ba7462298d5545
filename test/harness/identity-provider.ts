import { generateKeyPairSync } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration, type JWK } from 'oidc-provider';

/** The resource of the gateway at the provider, and so the audience of its tokens. */
export const AUDIENCE = 'urn:medkit:fleet';

export interface TestIdentityProvider {
  readonly issuer: string;
  /** Number of requests for its keys. */
  readonly keyRequests: () => number;
  /** Returns an access token of a service account with these groups. */
  tokenOf(groups: unknown, audience?: string): Promise<string>;
  /** Replaces the signing key by a new one. */
  rotateKey(): void;
  /** Refuses all connections until the provider is resumed. */
  suspend(): Promise<void>;
  resume(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the identity provider `oidc-provider` on loopback. */
export async function testIdentityProvider(): Promise<TestIdentityProvider> {
  let answer: RequestListener = (_request, response) => response.writeHead(503).end();
  let requests = 0;
  let groups: unknown;
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
    const provider = new Provider(
      issuer,
      configurationOf([key], () => groups),
    );
    answer = provider.callback();
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
    rotateKey,
    suspend: stop,
    resume: () => listen(port),
    close: async () => {
      if (server.listening) await stop();
    },
  };
}

function configurationOf(keys: readonly JWK[], groups: () => unknown): Configuration {
  return {
    jwks: { keys: [...keys] },
    cookies: { keys: ['a key of the test'] },
    clients: [
      {
        client_id: 'service',
        client_secret: 'its-secret',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    extraTokenClaims: () => ({ groups: groups() }),
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
