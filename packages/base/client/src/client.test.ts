import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ClientOptions, createClient } from './client.ts';
import { GatewayRefused, GatewayUnreachable, NotAGateway } from './failures.ts';
import { collect } from './testing/collect.ts';

const entity = { kind: 'app', id: 'lidar' } as const;

/** Creates a client of a gateway that answers every request with `answer`, and records the requests. */
function clientOf(answer: () => Response | Promise<Response>, options: Partial<ClientOptions> = {}) {
  const requests: { readonly url: string; readonly body: unknown; readonly headers: Record<string, string> }[] = [];
  const client = createClient({
    url: 'robot',
    send: async (url, { body, headers }) => {
      requests.push({ url, body, headers: headers as Record<string, string> });
      return answer();
    },
    ...options,
  });
  return { client, requests };
}

describe('a client', () => {
  it('sends requests as in the contract, with token and name, and returns integers with all their digits', async () => {
    const text = '{"id":"scan","data":{"stamp":4611686018427387904,"x":5.0}}';
    const { client, requests } = clientOf(() => new Response(text), { token: 't0ken', clientId: 'me@desk' });
    const reply = await client.ask('getDataItem', { entity, path: { data_id: 'scan' } });
    assert.deepEqual(reply.value.data, { stamp: 4611686018427387904n, x: 5 });
    assert.equal(reply.text, text);
    assert.equal(requests[0]?.url, 'http://robot:8080/api/v1/apps/lidar/data/scan');
    assert.equal(requests[0]?.headers.Authorization, 'Bearer t0ken');
    assert.equal(requests[0]?.headers['X-Client-Id'], 'me@desk');
  });

  it('reads a document of a route that is not in the contract, and reports a refusal', async () => {
    const path = '/api/v1/functions/drive/x-medkit-graph';
    const { client, requests } = clientOf(() => Response.json({ nodes: [] }), { token: 't0ken' });
    assert.deepEqual(await client.read(path), { nodes: [] });
    assert.equal(requests[0]?.url, `http://robot:8080${path}`);
    assert.equal(requests[0]?.headers.Authorization, 'Bearer t0ken');
    const error = { error_code: 'resource-not-found', message: 'There is no such resource' };
    const refusing = clientOf(() => Response.json(error, { status: 404 }));
    await assert.rejects(refusing.client.read(path), GatewayRefused);
  });

  it('follows redirects with the same method, body and token, and stops in a circle', async () => {
    const requests: unknown[] = [];
    const { client } = clientOf(() => new Response(), {
      token: 't0ken',
      send: async (url, { method, body, headers }) => {
        requests.push([
          method,
          url.replace('http://robot:8080/api/v1/', ''),
          body,
          (headers as Record<string, string>).Authorization,
        ]);
        const path = { Location: '/api/v1/x-medkit-incidents/inc_1' };
        return url.endsWith('inc_3') || url.endsWith('circle')
          ? new Response(null, {
              status: 308,
              headers: url.endsWith('circle') ? { Location: new URL(url).pathname } : path,
            })
          : Response.json({ id: 'inc_1' });
      },
    });
    const request = { path: { incident_id: 'inc_3' }, body: { note: 'It was me' } };
    assert.equal((await client.call('changeIncident', request)).id, 'inc_1');
    const body = '{"note":"It was me"}';
    assert.deepEqual(requests, [
      ['PUT', 'x-medkit-incidents/inc_3', body, 'Bearer t0ken'],
      ['PUT', 'x-medkit-incidents/inc_1', body, 'Bearer t0ken'],
    ]);
    await assert.rejects(client.call('getIncident', { path: { incident_id: 'circle' } }), NotAGateway);
    assert.equal(requests.length, 2 + 5);
  });

  it('follows a file to another server without its credentials, and no other reply', async () => {
    const store = 'http://s3.example:9000/bucket/file?X-Amz-Signature=5ec2e7';
    const requests: (readonly [string, unknown])[] = [];
    const { client } = clientOf(() => new Response(), {
      token: 't0ken',
      clientId: 'me@desk',
      send: async (url, { headers }) => {
        requests.push([url, headers]);
        if (!url.startsWith('http://robot:8080/')) return new Response('content', { status: 206 });
        return new Response(null, { status: 307, headers: { Location: store } });
      },
    });
    const headers = { Range: 'bytes=5-', 'If-Range': '"e"', Cookie: 'session=1' };
    const { status, chunks } = await client.download('downloadFleetEvidence', { path: { evidence: '412' }, headers });
    assert.deepEqual([status, String(Buffer.concat(await collect(chunks)))], [206, 'content']);
    assert.deepEqual(requests[1], [store, { Range: 'bytes=5-', 'If-Range': '"e"' }]);
    await assert.rejects(client.call('listData', { entity }), NotAGateway);
    assert.equal(requests.length, 3);
  });

  it('does not print the address of a file on another server, which is a credential', async () => {
    const { client } = clientOf(() => new Response(), {
      send: async (url) =>
        url.includes('robot')
          ? new Response(null, { status: 307, headers: { Location: 'http://s3.example/file?X-Amz-Signature=5ec2e7' } })
          : new Response('<Error/>', { status: 403, headers: { 'Content-Type': 'application/xml' } }),
    });
    const request = { path: { evidence: '412' } };
    await assert.rejects(client.download('downloadFleetEvidence', request), (error) => {
      assert.match(String(error), /http:\/\/s3\.example\/file answers 403 with application\/xml/);
      assert.doesNotMatch(String(error), /5ec2e7/);
      return true;
    });
  });

  it('sends integers with all their digits', async () => {
    const { client, requests } = clientOf(() => new Response('{"id":"n","data":1}'));
    await client.call('setConfiguration', { entity, path: { config_id: 'n' }, body: { data: 2n ** 62n } });
    assert.equal(requests[0]?.body, '{"data":4611686018427387904}');
    assert.equal(requests[0]?.headers['Content-Type'], 'application/json');
  });

  it('returns undefined for an empty reply', async () => {
    const { client } = clientOf(() => new Response(null, { status: 204 }));
    assert.equal(await client.call('clearFault', { entity, path: { fault_code: 'F1' } }), undefined);
  });

  it('reports the error of the gateway with its most specific code', async () => {
    const body = { error_code: 'vendor-error', vendor_code: 'x-medkit-a', message: 'No', parameters: { app: 'lidar' } };
    const { client } = clientOf(() => Response.json(body, { status: 409 }));
    await assert.rejects(client.call('listData', { entity }), (error) => {
      assert.ok(error instanceof GatewayRefused);
      assert.deepEqual([error.status, error.code, error.message], [409, 'x-medkit-a', 'No']);
      assert.deepEqual(error.parameters, { app: 'lidar' });
      return true;
    });
  });

  it('reports a server that is no gateway', async () => {
    const html = { headers: { 'Content-Type': 'text/html; charset=utf-8' } };
    for (const [answer, pattern] of [
      [() => new Response('<html>', html), /answers 200 with text\/html/],
      [() => new Response(null), /answers 200 with an empty body/],
      [() => new Response('<html>', { ...html, status: 502 }), /answers 502 with text\/html/],
      [() => Response.json({ error: 'no' }, { status: 404 }), /not in the SOVD format/],
      [
        () => new Response(null, { status: 308, headers: { Location: 'https://robot/' } }),
        /redirect to https:\/\/robot/,
      ],
    ] as const) {
      const { client } = clientOf(answer);
      await assert.rejects(client.call('getHealth', {}), (error: Error) => {
        assert.ok(error instanceof NotAGateway);
        assert.match(error.message, pattern);
        return true;
      });
    }
    const { client } = clientOf(() => Response.json({}));
    await assert.rejects(client.events('streamFaults', {}).next(), NotAGateway);
  });

  it('reports why no answer came: no gateway, timeout, or a broken connection', async () => {
    const cause = new TypeError('fetch failed');
    const { client } = clientOf(() => Promise.reject(cause));
    await assert.rejects(client.call('getHealth', {}), (error: Error) => {
      assert.ok(error instanceof GatewayUnreachable);
      assert.equal(error.cause, cause);
      return true;
    });
    const slow = createClient({
      url: 'robot',
      timeoutMs: 1,
      send: (_url, { signal }) =>
        new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    });
    await assert.rejects(slow.call('getHealth', {}), (error: Error) => {
      assert.ok(error instanceof GatewayUnreachable);
      assert.equal((error.cause as Error).name, 'TimeoutError');
      return true;
    });
    const half = new ReadableStream({ start: (controller) => controller.error(new Error('terminated')) });
    const { client: cutOff } = clientOf(() => new Response(half));
    await assert.rejects(cutOff.call('getHealth', {}), GatewayUnreachable);
  });

  it('follows events and requests those it missed', async () => {
    let opened = 0;
    const { client, requests } = clientOf(
      () => {
        opened += 1;
        if (opened > 1) return Response.json({ error_code: 'resource-not-found', message: 'Gone' }, { status: 404 });
        return new Response('id: 5\ndata: {}\n\n', { headers: { 'Content-Type': 'text/event-stream' } });
      },
      { pause: async () => undefined },
    );
    assert.deepEqual(await collect(client.events('streamFaults', {})), [{ id: '5', data: '{}' }]);
    assert.equal(requests[1]?.headers['Last-Event-ID'], '5');
  });

  it('downloads a part of a file', async () => {
    const { client, requests } = clientOf(() => new Response('cdef', { status: 206 }));
    const { status, chunks } = await client.download('downloadBulkData', {
      entity,
      path: { category_id: 'rosbags', file_id: 'F1' },
      headers: { Range: 'bytes=2-' },
    });
    const text = (await collect(chunks)).map((chunk) => new TextDecoder().decode(chunk)).join('');
    assert.deepEqual([status, text, requests[0]?.headers.Range], [206, 'cdef', 'bytes=2-']);
  });
});
