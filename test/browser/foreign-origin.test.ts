import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite, test } from 'node:test';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { startDemo } from '../harness/demo.ts';

/** Requests that a page of another site can send without a preflight (simple requests), and with one. */
const ATTEMPTS: readonly (readonly [string, string, Record<string, unknown>])[] = [
  ['read', '/api/v1/apps', {}],
  ['read without CORS', '/api/v1/apps', { mode: 'no-cors' }],
  [
    'write as JSON',
    '/api/v1/apps/controller_server/data/cmd_vel',
    { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{"value":{}}' },
  ],
  [
    'post as text',
    '/api/v1/apps/controller_server/data/cmd_vel',
    { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{"value":{}}' },
  ],
];

/** Starts a site of another origin. */
async function foreignSite() {
  const server = createServer((_request, response) =>
    response.setHeader('content-type', 'text/html').end('<p>elsewhere</p>'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://localhost:${port}/`, [Symbol.asyncDispose]: async () => void server.close() };
}

/** Returns the status of a GET with the given Host header. */
function statusWithHost(url: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(`${url}/api/v1/apps`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

suite('a gateway on loopback and the rest of the web', () => {
  test('a page of a foreign origin can neither read nor write', {
    skip: browserMissing,
    timeout: 120_000,
  }, async () => {
    await using demo = await startDemo();
    await using site = await foreignSite();
    await using browser = await openBrowser();
    const page = await browser.context.newPage();
    await page.goto(site.url);
    for (const [name, path, init] of ATTEMPTS) {
      const seen = await page.evaluate(
        async ([url, options]) => {
          try {
            const response = await fetch(url as string, options as RequestInit);
            return { type: response.type, status: response.status, text: await response.text() };
          } catch (error) {
            return { refused: String(error) };
          }
        },
        [`${demo.url}${path}`, init] as const,
      );
      const readable = 'text' in seen && seen.text !== '';
      assert.equal(readable, false, `${name}: the page saw ${JSON.stringify(seen)}`);
    }
    // Repeats the requests as the browser sent them, to check that they were rejected and not only hidden from the
    // page.
    for (const [name, path, init] of ATTEMPTS.filter(([, , { mode }]) => mode === undefined)) {
      const { status } = await fetch(`${demo.url}${path}`, {
        ...init,
        headers: { ...(init['headers'] as object), origin: new URL(site.url).origin },
      } as RequestInit);
      assert.equal(status, 403, `${name}: answered ${status}`);
    }
    const sameOrigin = await fetch(`${demo.url}/api/v1/apps`, { headers: { origin: demo.url } });
    assert.equal(sameOrigin.status, 200, 'its own origin is served');
  });

  test('a Host header with a foreign name (DNS rebinding) is refused', { timeout: 240_000 }, async () => {
    await using demo = await startDemo();
    const { host, port } = new URL(demo.url);
    assert.equal(await statusWithHost(demo.url, host), 200);
    assert.equal(await statusWithHost(demo.url, `localhost:${port}`), 200);
    assert.equal(await statusWithHost(demo.url, `attacker.example:${port}`), 421);
    assert.equal(await statusWithHost(demo.url, '127.0.0.1.attacker.example'), 421);
  });
});
