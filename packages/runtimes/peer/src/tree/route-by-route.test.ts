import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from '@medkit/edges/node';
import { PeerLink } from '../peer-link.ts';
import { itemsByRoutes } from './route-by-route.ts';

/**
 * Returns the ids that a gateway provides route by route; `answer` returns the items of each list and the details of
 * each entity.
 */
async function idsOf(answer: (path: string) => object | undefined): Promise<readonly unknown[]> {
  const paths: string[] = [];
  const link = new PeerLink(
    { name: 'cell', url: 'http://cell:1' },
    {
      clock: systemClock,
      names: { addressesOf: async () => ['127.0.0.1'] },
      http: {
        async open({ url }) {
          const path = new URL(url).pathname.replace('/api/v1', '');
          paths.push(path);
          const document = answer(path);
          const octets = Buffer.from(JSON.stringify(document ?? {}));
          const body = (async function* () {
            yield octets;
          })();
          return { status: document ? 200 : 404, headers: {}, body, close: () => undefined };
        },
      },
    },
  );
  const items = await itemsByRoutes(link, { headers: {}, timeoutMs: 1000, signal: new AbortController().signal });
  return items.map(({ id }) => id);
}

const list = (...ids: readonly unknown[]) => ({ items: ids.map((id) => ({ id })) });
const none = { '/areas': list(), '/components': list(), '/apps': list(), '/functions': list() };

describe('the routes of a gateway', () => {
  it('lose one bad id among good ones, and nothing else [edge]', async () => {
    const bad = ['..', '.', '', 'a/b', 'a%2fb', 7, null, {}, 'x'.repeat(300)];
    const documents: Record<string, object> = {
      ...none,
      '/areas': list(...bad, 'hall'),
      '/components': list(...bad, 'plc'),
      '/apps': list(...bad, 'valve'),
      '/functions': list(...bad, 'dosing'),
      '/functions/dosing': {},
    };
    assert.deepEqual(await idsOf((path) => documents[path]), ['hall', 'plc', 'valve', 'dosing']);
  });

  it('are read once each if entities contain each other in circles', async () => {
    const circle = { '/areas': list('a'), '/areas/a/subareas': list('b', 'b'), '/areas/b/subareas': list('a', 'b') };
    const documents: Record<string, object> = { ...none, ...circle };
    assert.deepEqual(await idsOf((path) => documents[path]), ['a', 'b']);
  });

  it('are given up if each entity has a thousand others in it', async () => {
    let requests = 0;
    const endless = (path: string) => {
      requests++;
      return path.startsWith('/area') ? list(...Array.from({ length: 1000 }, (_, at) => `a${requests}_${at}`)) : list();
    };
    await assert.rejects(idsOf(endless), /more than 10000 entities/);
    assert.ok(requests < 20, `${requests} routes were read`);
  });

  it('are given up if their documents are too long in total', async () => {
    let requests = 0;
    const pad = 'x'.repeat(9_000_000);
    const long = (path: string) => {
      requests++;
      return path === '/areas' ? list(...Array.from({ length: 900 }, (_, at) => `a${at}`)) : { items: [], pad };
    };
    await assert.rejects(idsOf(long), /its routes have more than 67108864 characters/);
    assert.ok(requests < 12, `${requests} routes were read`);
  });
});
