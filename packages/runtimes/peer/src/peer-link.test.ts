import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { errorOf } from '@medkit/core/testing';
import { ReplyMissing, setDebugLogs } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { PeerLink } from './peer-link.ts';

/** Creates a link to a gateway `cell` that answers with a status or throws, and records requests and addresses. */
function linkTo(answer: () => number, token?: string) {
  const requests: string[] = [];
  const addresses = ['10.0.0.7', '10.0.0.8'];
  const link = new PeerLink(
    { name: 'cell', url: 'http://cell.lan:1', ...(token !== undefined && { token }) },
    {
      clock: new SimulatedClock(),
      names: { addressesOf: async () => [addresses.shift() ?? assert.fail('looked up too often')] },
      http: {
        async open({ url, address, headers }) {
          requests.push(`${url} at ${address}${headers['authorization'] ? ` as ${headers['authorization']}` : ''}`);
          const body = Readable.from([]);
          return { status: answer(), headers: { location: 'http://elsewhere/' }, body, close: () => undefined };
        },
      },
    },
  );
  const open = (path: string, method: 'GET' | 'PUT' = 'GET') =>
    link.open({ method, path, headers: {}, timeoutMs: 1000, signal: new AbortController().signal });
  return { requests, open };
}

const BASE = 'http://cell.lan:1/api/v1';
const refused = () => {
  throw new Error('connect ECONNREFUSED');
};

describe('the link to another gateway', () => {
  it('rejects a path that leads out of its API, however that is spelt [edge]', async () => {
    const { requests, open } = linkTo(() => 200);
    for (const path of ['/..', '/../health', '/apps/../../../x', '/apps/%2e%2E/x', '/apps/.%2e', '/apps\\..\\..\\x']) {
      const error = await errorOf(open(path));
      assert.deepEqual([error.code, error.status], ['invalid-request', 400], path);
    }
    assert.deepEqual(requests, []);
  });

  it('writes each request to the debug log, without its query, which may contain a secret', async () => {
    const lines: string[] = [];
    setDebugLogs(['peer'], (_, message) => lines.push(message));
    try {
      await linkTo(() => 200).open('/apps?ticket=secret');
      await errorOf(linkTo(refused).open('/health'));
    } finally {
      setDebugLogs([], assert.fail);
    }
    assert.equal(lines[0], 'cell: GET /apps: 200 after 0 ms');
    assert.match(lines[1] ?? '', /^cell: GET \/health: .*ECONNREFUSED after 0 ms$/);
  });

  it('leads to that gateway whatever the path looks like [edge]', async () => {
    const { requests, open } = linkTo(() => 200);
    for (const path of ['', '//elsewhere/x', '@elsewhere/x', ':80@elsewhere', '/a?b=http://elsewhere', '/..a/...']) {
      await open(path);
    }
    assert.ok(
      requests.every((line) => line.startsWith(BASE) && line.endsWith(' at 10.0.0.7')),
      requests.join('\n'),
    );
  });

  it('leaves the outcome open for a change that was sent and not answered, and for nothing else', async () => {
    const { open } = linkTo(() => {
      throw new ReplyMissing('no reply in 1000 ms');
    });
    const { code, status, parameters } = await errorOf(open('/apps/arm/status/start', 'PUT'));
    assert.deepEqual([code, status], ['x-medkit-outcome-unknown', 504]);
    assert.deepEqual(parameters, { peer: 'cell', details: 'no reply in 1000 ms' });
    const again = linkTo(() => {
      throw new ReplyMissing('no reply in 1000 ms');
    });
    assert.equal((await errorOf(again.open('/apps/arm/status'))).code, 'x-medkit-peer-unavailable');
    const unsent = linkTo(refused);
    assert.equal((await errorOf(unsent.open('/apps/arm/status/start', 'PUT'))).code, 'x-medkit-peer-unavailable');
  });

  it('fails if no server listens, with the name of the gateway and both codes [edge]', async () => {
    const error = await errorOf(linkTo(refused).open('/health'));
    assert.deepEqual([error.code, error.status], ['x-medkit-peer-unavailable', 502]);
    assert.deepEqual(error.parameters, { peer: 'cell', details: 'connect ECONNREFUSED' });
  });

  it('follows no redirect, and fails if a gateway answers with one', async () => {
    for (const status of [301, 302, 307, 101, 999]) {
      const { requests, open } = linkTo(() => status);
      assert.equal((await errorOf(open('/health'))).code, 'x-medkit-peer-unavailable');
      assert.deepEqual(requests, [`${BASE}/health at 10.0.0.7`]);
    }
  });

  it('leads to the first resolved address of its name, until that cannot be reached', async () => {
    let isThere = true;
    const { requests, open } = linkTo(() => (isThere ? 200 : refused()));
    await open('/a');
    await open('/b');
    isThere = false;
    await errorOf(open('/c'));
    isThere = true;
    await open('/d');
    assert.deepEqual(
      requests.map((line) => line.slice(BASE.length)),
      ['/a at 10.0.0.7', '/b at 10.0.0.7', '/c at 10.0.0.7', '/d at 10.0.0.8'],
    );
  });

  it('uses the token for that gateway, and says where to look if it is wrong', async () => {
    const { requests, open } = linkTo(() => 401, 'secret');
    assert.match((await errorOf(open('/a'))).message, /requires another token: check its token file/);
    assert.match(requests[0] ?? '', / as Bearer secret$/);
    assert.match((await errorOf(linkTo(() => 401).open('/a'))).message, /set it in aggregation.peer_token_files/);
  });
});
