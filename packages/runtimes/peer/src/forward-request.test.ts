import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callContext, type ForwardRequest } from '@medkit/core';
import { SimulatedClock } from '@medkit/edges/testing';
import { forwarding } from './forward-request.ts';
import type { PeerLink } from './peer-link.ts';

const reply = (text: string) => ({
  status: 200,
  headers: { 'content-type': 'text/plain' },
  body: (async function* () {
    yield Buffer.from(text);
  })(),
  octets: Buffer.from(text),
  close: () => undefined,
});

/** Simulates a gateway's answer to a fault request, with a stored reply unless `hasCopy` is false. */
function setUp({ isThere = true, isAnswering = true, hasCopy = true } = {}) {
  const clock = new SimulatedClock();
  const headersSent: Readonly<Record<string, string>>[] = [];
  const opened: string[] = [];
  const provider = forwarding({
    link: {
      peer: { name: 'yard', url: 'http://yard:1' },
      open: async ({ method, path, headers }: Parameters<PeerLink['open']>[0]) => {
        opened.push(`${method} ${path}`);
        headersSent.push(headers);
        if (!isAnswering) throw new Error('ECONNREFUSED');
        return reply('its own');
      },
    } as unknown as PeerLink,
    clock,
    forwardsAuthorization: false,
    storedReply: () => (hasCopy ? reply('a copy') : undefined),
    isThere: () => isThere,
  });
  const requestOf = (method: ForwardRequest['method']) => ({ method, path: '/faults/JAM', query: '', headers: {} });
  const call = callContext({ clock, timeoutMs: 1000 });
  const ask = async (method: ForwardRequest['method']) =>
    String((await provider.send('apps/arm', requestOf(method), call)).octets);
  const storedFor = async (method: ForwardRequest['method']) =>
    (await provider.kept?.('apps/arm', requestOf(method), call))?.octets?.toString();
  return { ask, storedFor, opened, headersSent, provider, requestOf, clock };
}

describe('a request for another gateway', () => {
  it('carries the trace of the call, and the state of the trace that the client sent', async () => {
    const { provider, requestOf, clock, headersSent } = setUp();
    const [client, span] = ['b7ad6b7169203331', '00f067aa0ba902b7'].map(
      (id) => `00-0af7651916cd43dd8448eb211c80319c-${id}-01`,
    );
    const headers = { traceparent: client!, tracestate: 'vendor=1', cookie: 'secret' };
    await provider.send(
      'apps/arm',
      { ...requestOf('GET'), headers },
      callContext({ clock, timeoutMs: 1000, trace: span! }),
    );
    assert.deepEqual(headersSent, [{ traceparent: span, tracestate: 'vendor=1', 'x-medkit-via': '' }]);
  });

  it('is answered by it, even if a copy is stored', async () => {
    const { ask, opened } = setUp();
    assert.deepEqual([await ask('GET'), opened], ['its own', ['GET /apps/arm/faults/JAM']]);
  });

  it('is answered by the stored copy if it is offline, without asking it', async () => {
    const { ask, opened } = setUp({ isThere: false });
    assert.deepEqual([await ask('GET'), opened], ['a copy', []]);
    const { ask: askOther } = setUp({ isThere: false, hasCopy: false });
    assert.equal(await askOther('GET'), 'its own');
  });

  it('is not answered by the copy if the gateway disconnected just now, while the copy is available on request', async () => {
    // Copying a fault uses the same request: it must not treat the stored copy as the current state.
    const { ask, storedFor } = setUp({ isAnswering: false });
    await assert.rejects(ask('GET'), /ECONNREFUSED/);
    assert.equal(await storedFor('GET'), 'a copy');
    assert.equal(await setUp({ hasCopy: false }).storedFor('GET'), undefined);
  });

  it('fails if it is a change', async () => {
    for (const isThere of [true, false]) {
      const { ask, storedFor } = setUp({ isThere, isAnswering: false });
      await assert.rejects(ask('PUT'), /ECONNREFUSED/);
      assert.equal(await storedFor('PUT'), undefined);
    }
  });
});

/** Forwards a request, and returns the headers that the other gateway receives and those that the client receives. */
async function headersOf(
  request: Partial<ForwardRequest>,
  { token, forwardsAuthorization = false, location }: HeaderOptions = {},
) {
  const clock = new SimulatedClock();
  let sent: Readonly<Record<string, string>> = {};
  const provider = forwarding({
    link: {
      peer: { name: 'yard', url: 'http://yard:1', ...(token !== undefined && { token }) },
      open: async ({ headers }: { readonly headers: Readonly<Record<string, string>> }) => {
        sent = headers;
        return { ...reply('done'), headers: { ...(location !== undefined && { location }) } };
      },
    } as unknown as PeerLink,
    clock,
    forwardsAuthorization,
    storedReply: () => undefined,
    isThere: () => true,
  });
  const whole = { method: 'POST', path: '/locks', query: '', headers: {}, ...request } as const;
  const { headers } = await provider.send('apps/arm', whole, callContext({ clock, timeoutMs: 1000 }));
  return { sent, received: headers };
}

interface HeaderOptions {
  readonly token?: string;
  readonly forwardsAuthorization?: boolean;
  readonly location?: string;
}

describe('the headers of a forwarded request', () => {
  const CLIENT = {
    headers: { authorization: 'Bearer of-the-client', cookie: 'medkit=1', 'x-client-id': 'tablet' },
    onBehalfOf: { name: 'user:jan', permissions: 'read' },
  };

  it('contain credentials of the client only if the configuration says so, and this gateway has no token', async () => {
    const authorization = async (options: HeaderOptions) => (await headersOf(CLIENT, options)).sent['authorization'];
    assert.equal(await authorization({}), undefined);
    assert.equal(await authorization({ forwardsAuthorization: true }), 'Bearer of-the-client');
    assert.equal(await authorization({ forwardsAuthorization: true, token: 'of-this-gateway' }), undefined);
    assert.equal((await headersOf(CLIENT, { forwardsAuthorization: true })).sent['cookie'], undefined);
  });

  it('name the client and its permissions only to a gateway that accepts the token of this one', async () => {
    const keyed = (await headersOf(CLIENT, { token: 'of-this-gateway' })).sent;
    assert.deepEqual(
      [keyed['x-medkit-on-behalf-of'], keyed['x-medkit-permissions'], keyed['x-client-id']],
      ['user:jan', 'read', 'tablet'],
    );
    assert.equal((await headersOf(CLIENT)).sent['x-medkit-on-behalf-of'], undefined);
  });
});

it('a location in a reply leads to a path of the API, and never to another host', async () => {
  const locationOf = async (location: string) => (await headersOf({}, { location })).received['location'];
  assert.equal(await locationOf('http://yard:1/api/v1/apps/arm/locks/7?x=1'), '/api/v1/apps/arm/locks/7?x=1');
  assert.equal(await locationOf('/api/v1/apps/arm/locks/7'), '/api/v1/apps/arm/locks/7');
  assert.equal(await locationOf('http://evil.example/login'), undefined);
  assert.equal(await locationOf('//evil.example'), undefined);
});
