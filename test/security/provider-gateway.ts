import { SimulatedClock } from '@medkit/edges/testing';
import { testConfig } from '../../packages/gateway/src/testing/test-gateway.ts';
import { AUDIENCE, type TestIdentityProvider } from '../harness/identity-provider.ts';
import { type AccountGatewayOptions, accountGateway } from './account-gateway.ts';

export const PUBLIC_URL = 'https://fleet.example/robots';
export const CALLBACK = `${PUBLIC_URL}/api/v1/auth/oidc/callback`;
export const ALICE = { subject: 'alice', groups: ['robot-operators'] };

/** The cookies of a browser, for all its sites. */
export class Browser {
  readonly cookies = new Map<string, string>();

  get header(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  receive(lines: readonly string[]): void {
    for (const line of lines) {
      const [pair = ''] = line.split(';', 1);
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      if (value === '' || /max-age=0\b|expires=thu, 01 jan 1970/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}

interface ProviderGatewayOptions extends Pick<AccountGatewayOptions, 'clock' | 'folder' | 'parts' | 'providers'> {
  readonly clientId?: string;
  /** Other settings of `auth.oidc`. */
  readonly oidc?: object;
}

/** Opens a gateway whose users log in at the identity provider. */
export async function providerGateway(provider: TestIdentityProvider, options: ProviderGatewayOptions = {}) {
  const { server, auth } = await testConfig();
  const oidc = {
    ...{ ...auth.oidc, issuer: provider.issuer, audience: AUDIENCE },
    ...{ client_id: options.clientId ?? 'medkit-pages', client_secret: 'secret: of & the pages' },
    ...options.oidc,
  };
  const gateway = await accountGateway({
    clock: new SimulatedClock({ epochMs: Date.now() }),
    ...options,
    changes: {
      auth: { require_auth_for: 'all', oidc },
      server: { ...server, public_url: PUBLIC_URL },
      roleMap: new Map([
        ['robot-operators', 'operator'],
        ['robot-readers', 'viewer'],
      ]),
    },
  });
  const ask = async (browser: Browser, path: string, method = 'GET') => {
    const reply = await gateway.ask(method, path, {
      headers: { cookie: browser.header, 'sec-fetch-site': 'same-origin' },
    });
    browser.receive([reply.headers['set-cookie'] ?? []].flat().map(String));
    return { ...reply, location: String(reply.headers['location'] ?? '') };
  };
  /** Follows the redirects of the provider until it returns; returns the path of the callback. */
  const visitProvider = async (address: string): Promise<string> => {
    const atProvider = new Browser();
    let url = address;
    for (let steps = 0; steps < 10 && !url.startsWith(PUBLIC_URL); steps += 1) {
      const reply = await fetch(url, { redirect: 'manual', headers: { cookie: atProvider.header } });
      atProvider.receive(reply.headers.getSetCookie());
      const location = reply.headers.get('location');
      if (location === null) throw new Error(`${reply.status} ${await reply.text()}`);
      url = new URL(location, url).href;
    }
    return url.slice(`${PUBLIC_URL}/api/v1`.length);
  };
  const start = async (browser: Browser, returnTo = '/robots/incidents?open=1') =>
    ask(browser, `/auth/oidc/login?return_to=${encodeURIComponent(returnTo)}`);
  const logIn = async (browser: Browser) => {
    const callback = await visitProvider((await start(browser)).location);
    return { callback, reply: await ask(browser, callback) };
  };
  return { ...gateway, request: ask, visitProvider, start, logIn, logInByName: gateway.logIn };
}
