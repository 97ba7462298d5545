import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { systemClock, systemHttpClient, systemRandom } from '@medkit/edges/node';
import { SimulatedNames } from '@medkit/edges/testing';
import { memoryStore } from '@medkit/store';
import { openWebhooks, WEBHOOK_TABLES, type Webhooks } from '@medkit/webhooks';

const TIMEOUT_MS = 200;
const EVENT = { id: '1', source: '/a', type: 'medkit.test', timeMs: 0, data: '1' };

interface Scene {
  readonly webhooks: Webhooks;
  readonly names: SimulatedNames;
  readonly port: number;
  /** Queues events for a receiver of this name. */
  enter(host: string, count: number): Promise<void>;
  fire(host: string): ReturnType<Webhooks['fire']>;
  until(holds: () => boolean): Promise<void>;
}

/** Runs a receiver on this machine, with names that resolve to it. */
async function withReceiver(listener: RequestListener, use: (scene: Scene) => Promise<void>): Promise<void> {
  const server = createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const names = new SimulatedNames({ 'receiver.lan': ['127.0.0.1'] });
  const store = memoryStore({ clock: systemClock, migrations: { webhooks: WEBHOOK_TABLES } });
  const webhooks = await openWebhooks({
    database: { exists: async () => true, store: async () => store },
    http: systemHttpClient,
    names,
    clock: systemClock,
    random: systemRandom,
    log: () => undefined,
    origin: 'http://amr-01',
    allowedTargets: ['receiver.lan'],
    maxQueued: 100,
    maxDeadLetters: 100,
    maxConcurrent: 2,
    maxPerSecond: 1000,
    attemptTimeoutMs: TIMEOUT_MS,
    giveUpAfterMs: 60_000,
  });
  const target = (host: string) => ({ url: `http://${host}:${port}/hook`, secret: 'sixteen letters!' });
  try {
    await use({
      webhooks,
      names,
      port,
      enter: async (host, count) => {
        const events = Array.from({ length: count }, (_, n) => ({ ...EVENT, id: String(n), data: String(n) }));
        await store.write(events.flatMap((event) => webhooks.outboxStatements(target(host), event)));
        webhooks.wake();
      },
      fire: (host) => webhooks.fire(target(host), EVENT, new AbortController().signal),
      until: async (holds) => {
        const endMs = performance.now() + 10_000;
        while (!holds()) {
          assert.ok(performance.now() < endMs, 'it does not come to that');
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      },
    });
  } finally {
    await webhooks.close();
    server.closeAllConnections();
    server.close();
  }
}

describe('a receiver', () => {
  it('gets every event in order, with a verifiable signature, over a persistent connection', () => {
    const bodies: string[] = [];
    const ports = new Set<number | undefined>();
    return withReceiver(
      async (request, response) => {
        let body = '';
        for await (const chunk of request) body += chunk;
        const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = request.headers;
        const expected = createHmac('sha256', 'sixteen letters!').update(`${id}.${timestamp}.${body}`).digest('base64');
        assert.equal(signature, `v1,${expected}`);
        bodies.push(JSON.parse(body).data);
        ports.add(request.socket.remotePort);
        response.end('ok');
      },
      async ({ enter, until }) => {
        await enter('receiver.lan', 20);
        await until(() => bodies.length === 20);
        assert.deepEqual(
          bodies,
          Array.from({ length: 20 }, (_, n) => n),
        );
        assert.equal(ports.size, 1);
      },
    );
  });

  it('that resets, is slow or answers garbage gets the event again until it accepts it', () => {
    let requests = 0;
    return withReceiver(
      (request, response) => {
        requests += 1;
        if (requests === 1) request.socket.resetAndDestroy();
        else if (requests === 2) request.socket.end('SSH-2.0-OpenSSH\r\n');
        else if (requests === 3) return;
        else response.writeHead(204).end();
      },
      async ({ enter, webhooks, until }) => {
        await enter('receiver.lan', 1);
        await until(() => webhooks.facts().targets[0]?.delivered === 1);
        assert.deepEqual([requests, webhooks.facts().targets[0]?.failed], [4, 3]);
        assert.equal(webhooks.facts().targets[0]?.lastError, `no reply in ${TIMEOUT_MS} ms`);
      },
    );
  });

  it('that never ends its reply delays no other delivery', () =>
    withReceiver(
      (request, response) => {
        response.writeHead(request.url === '/hook' ? 200 : 500);
        const flood = setInterval(() => response.write('x'.repeat(65_536)), 1);
        response.on('close', () => clearInterval(flood));
      },
      async ({ enter, webhooks, until }) => {
        await enter('receiver.lan', 3);
        await until(() => webhooks.facts().targets[0]?.delivered === 3);
        assert.equal(webhooks.facts().targets[0]?.failed, 0);
      },
    ));

  it('that redirects into the network of the gateway triggers no request there', () => {
    const requested: (string | undefined)[] = [];
    return withReceiver(
      (request, response) => {
        requested.push(request.url);
        response.writeHead(307, { Location: `http://127.0.0.1:${request.socket.localPort}/secret` }).end();
      },
      async ({ fire, port }) => {
        const { delivered, error, status } = await fire('receiver.lan');
        assert.deepEqual([delivered, status], [false, 307]);
        assert.equal(error, `HTTP 307: it redirects to http://127.0.0.1:${port}/secret, which is not followed`);
        assert.deepEqual(requested, ['/hook']);
      },
    );
  });

  it('is reached at the checked address only, whatever its name resolves to later', () => {
    const hosts: (string | undefined)[] = [];
    return withReceiver(
      (request, response) => {
        hosts.push(request.headers.host);
        response.end();
      },
      async ({ fire, names, port }) => {
        let looks = 0;
        names.addressesOf = async () => (looks++ === 0 ? ['127.0.0.1'] : ['127.0.0.9']);
        const { delivered, address } = await fire('receiver.lan');
        assert.deepEqual([delivered, address, looks], [true, '127.0.0.1', 1]);
        // Another name is resolved again, and rejected because of the new address.
        assert.match((await fire('rebinds.lan')).error ?? '', /rebinds\.lan is at 127\.0\.0\.9, a loopback address/);
        assert.match((await fire('127.0.0.1')).error ?? '', /127\.0\.0\.1 is a loopback address/);
        assert.deepEqual(hosts, [`receiver.lan:${port}`]);
      },
    );
  });
});
