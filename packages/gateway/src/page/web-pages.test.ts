import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { builtPages, PAGE_INDEX, PAGES_FOLDER } from '../testing/built-pages.ts';
import { testGateway } from '../testing/test-gateway.ts';
import { PAGE_POLICY } from './page-headers.ts';

const BROWSER = 'text/html,application/xhtml+xml,*/*;q=0.8';
const PAGES = { files: builtPages(), pagesFolder: PAGES_FOLDER };

const { app } = await testGateway({}, undefined, {}, PAGES);
after(() => app.close());

type Ask = Readonly<Record<string, string>>;
const ask = (url: string, headers: Ask = {}, method: 'GET' | 'HEAD' | 'POST' | 'PUT' = 'GET') =>
  app.inject({ method, url, headers: { host: 'localhost', ...headers } });
const navigate = (url: string, more: Ask = {}) => ask(url, { accept: BROWSER, 'sec-fetch-mode': 'navigate', ...more });

suite('addresses in the document of the pages', () => {
  const files = builtPages();
  files.contents.set(`${PAGES_FOLDER}/index.html`, Buffer.from('<head><base href="/"></head>'));
  const baseAt = async (url: string, more: Ask = {}, gateway = app) => {
    const headers = { host: 'localhost', accept: BROWSER, ...more };
    const { body } = await gateway.inject({ url, remoteAddress: '10.0.0.2', headers });
    return /<base href="(.*)">/.exec(body)?.[1];
  };
  const behind = testGateway({ server: { trusted_proxies: ['10.0.0.2'] } }, undefined, {}, { ...PAGES, files });
  after(async () => (await behind).app.close());

  test('are relative to the start of the pages, below any path that a proxy removes', async () => {
    const { app: gateway } = await behind;
    for (const path of ['/', '/incidents', '/incidents/', '/apps/lidar_driver/data/scan?x=/a/b', '/apps/a%2Fb']) {
      const base = await baseAt(path, {}, gateway);
      assert.equal(new URL(base!, `https://fleet.example/robot-7${path}`).pathname, '/robot-7/', path);
    }
  });

  test('begin with the prefix that a trusted proxy names', async () => {
    const { app: gateway } = await behind;
    for (const prefix of ['/robot-7', '/robot-7/'])
      assert.equal(await baseAt('/incidents', { 'x-forwarded-prefix': prefix }, gateway), '/robot-7/');
  });
});

suite('the document of the pages', () => {
  test('is what a browser gets at /, and other clients get the overview', async () => {
    const page = await navigate('/');
    assert.equal(page.statusCode, 200);
    assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
    assert.equal(page.body, PAGE_INDEX);
    const overview = await ask('/', { accept: '*/*' });
    assert.equal(overview.json().api_base, '/api/v1');
    assert.equal(overview.headers.vary, 'Accept');
    assert.equal(overview.headers['content-security-policy'], undefined);
  });

  test('may load and run only its built files, and is not visible to other sites', async () => {
    const { headers } = await navigate('/');
    assert.equal(headers['content-security-policy'], PAGE_POLICY);
    assert.equal(
      PAGE_POLICY,
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
        "worker-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'; " +
        "require-trusted-types-for 'script'; trusted-types medkit",
    );
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
  });

  test('is revalidated each time, and sent only if it has changed', async () => {
    const { headers } = await navigate('/');
    assert.equal(headers['cache-control'], 'no-cache');
    const again = await navigate('/', { 'if-none-match': String(headers.etag) });
    assert.deepEqual([again.statusCode, again.body], [304, '']);
    assert.equal((await navigate('/', { 'if-none-match': '"of before"' })).statusCode, 200);
  });

  test('is served at every address of a page, with and without the navigation headers of browsers', async () => {
    for (const path of [
      '/incidents',
      '/apps/lidar_driver/data/scan?x=1',
      '/no/such/page',
      '/apis',
      '/%3Cimg%20src=x%3E',
    ]) {
      for (const headers of [
        { accept: BROWSER },
        { accept: BROWSER, 'sec-fetch-mode': 'navigate' },
      ] as readonly Ask[]) {
        const page = await ask(path, headers);
        assert.deepEqual([page.statusCode, page.body], [200, PAGE_INDEX], path);
        assert.equal(page.headers['content-security-policy'], PAGE_POLICY);
        assert.equal(page.headers.vary, 'Accept, Sec-Fetch-Mode');
      }
    }
  });

  test('is for navigation only: programs, scripts and images get 404', async () => {
    for (const headers of [{ accept: '*/*' }, {}, { accept: BROWSER, 'sec-fetch-mode': 'cors' }]) {
      const { statusCode, headers: replyHeaders, body } = await ask('/incidents', headers as Ask);
      assert.equal(statusCode, 404, JSON.stringify(headers));
      assert.equal(replyHeaders['content-type'], 'application/json');
      assert.equal(JSON.parse(body).error_code, 'resource-not-found');
    }
    for (const method of ['POST', 'PUT'] as const) {
      assert.equal((await ask('/incidents', { accept: BROWSER }, method)).statusCode, 404);
    }
    assert.equal((await ask('/', { accept: BROWSER }, 'POST')).statusCode, 405);
  });

  test('is never sent instead of the API, its documentation or an asset', async () => {
    const others = [
      '/api',
      '/api/v1/nothing',
      '/api/v2/apps',
      '/%61pi/v1/nothing',
      '/docs/nothing',
      '/assets',
      '/assets/a/b',
    ];
    for (const path of [...others, '/assets/none-0000.js', '/%61ssets/none-0000.js']) {
      const { statusCode, headers } = await navigate(path);
      assert.equal(statusCode, 404, path);
      assert.equal(headers['content-type'], 'application/json', path);
    }
    assert.equal((await navigate('/api/v1/apps')).headers['content-type'], 'application/json');
    assert.match((await navigate('/docs')).body, /swagger-ui/);
    assert.equal((await navigate('/api/v1/auth/login')).statusCode, 405);
  });

  test('has a head without a body', async () => {
    for (const path of ['/', '/incidents']) {
      const { statusCode, headers, body } = await ask(path, { accept: BROWSER }, 'HEAD');
      assert.deepEqual([statusCode, body], [200, ''], path);
      assert.equal(headers['content-length'], String(PAGE_INDEX.length), path);
    }
  });

  test('is public, also if the rest of the gateway requires a token', async () => {
    const token = '0123456789abcdef0123456789abcdef';
    const guarded = await testGateway({ server: { token } as never }, undefined, {}, PAGES);
    const status = async (url: string, accept: string) =>
      (await guarded.app.inject({ url, headers: { host: 'localhost', accept } })).statusCode;
    assert.equal(await status('/incidents', BROWSER), 200);
    assert.equal(await status('/assets/index-1a2b.js', '*/*'), 200);
    assert.equal(await status('/incidents', '*/*'), 401);
    assert.equal(await status('/api/v1/nothing', BROWSER), 401);
    await guarded.app.close();
  });
});

test('if the pages were not built, a browser gets instructions to build them, and the rest is unchanged', async () => {
  for (const pagesFolder of [undefined, '/pages/nowhere']) {
    const pageless = await testGateway({}, undefined, {}, { ...PAGES, pagesFolder });
    const at = (url: string) => pageless.app.inject({ url, headers: { host: 'localhost', accept: BROWSER } });
    const { statusCode, headers, body } = await at('/');
    assert.deepEqual([statusCode, headers['content-type']], [200, 'text/plain; charset=utf-8']);
    for (const part of ['npm run web', '/api/v1', '/docs']) assert.ok(body.includes(part), part);
    for (const path of ['/incidents', '/assets/index-1a2b.js']) assert.equal((await at(path)).statusCode, 404, path);
    const overview = await pageless.app.inject({ url: '/', headers: { host: 'localhost' } });
    assert.equal(overview.json().api_base, '/api/v1');
    await pageless.app.close();
  }
});
