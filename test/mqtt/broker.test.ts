import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Aedes } from 'aedes';
import { makeCertificate } from '../harness/certificates.ts';
import { eventually } from '../harness/eventually.ts';
import { startMosquitto } from '../harness/mosquitto.ts';
import { startProgram } from '../harness/program.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';
import { recordedConnection } from './recorded-connection.ts';
import { webSocketBridge } from './web-socket-bridge.ts';

const missing = missingSystemPackages('mosquitto');
const folder = mkdtempSync(join(tmpdir(), 'medkit-mqtt-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const RETAINED = { qos: 1, retain: true } as const;
const PASSED = { qos: 0, retain: false } as const;

for (const protocol of ['3.1.1', '5'] as const) {
  describe(`a connection to Mosquitto by MQTT ${protocol}`, { skip: missing, timeout: 240_000 }, () => {
    it('receives published messages, recognizes retained ones, and drops those above the maximum size', async () => {
      await using broker = await startMosquitto();
      const address = { url: broker.url, protocol };
      await using one = recordedConnection({ address, clientId: 'one' });
      await one.line(/^open$/);
      await one.publish('state', 'kept', RETAINED);
      await using other = recordedConnection({ address, clientId: 'other', subscriptions: ['state', 'order/#'] });
      await other.line(/^kept state kept$/);
      await other.line(/^open$/);
      await one.publish('order/1', 'x'.repeat(300_000), { qos: 1, retain: false });
      await one.publish('order/2', 'now', PASSED);
      await other.line(/^order\/2 now$/);
      assert.deepEqual([other.dropped, other.count(/^order\/1/)], [1, 0]);
    });

    it('has its will published when its process is killed, not when it is closed', async () => {
      await using broker = await startMosquitto();
      const address = { url: broker.url, protocol };
      await using watcher = recordedConnection({ address, clientId: 'watcher', subscriptions: ['wills/#', 'mark'] });
      await watcher.line(/^open$/);
      const will = { topic: 'wills/closed', payload: 'broken', ...RETAINED };
      const closed = recordedConnection({ address, clientId: 'closed', will });
      await closed.line(/^open$/);
      await Promise.all([closed.publish('mark', 'the last', RETAINED), closed.close()]);
      await watcher.line(/^mark the last$/);

      const script = join(import.meta.dirname, 'connection-holder.ts');
      const holder = startProgram([broker.url, protocol, 'wills/killed'], { script });
      await holder.printed(/^open$/m);
      await holder.end('SIGKILL');
      await watcher.line(/^wills\/killed broken$/);
      assert.equal(watcher.count(/^wills\/closed/), 0);
    });

    it('needs the right password, and logs none', async () => {
      await using broker = await startMosquitto({ users: { fleet: 'hush' } });
      const address = { url: broker.url, protocol, username: 'fleet' };
      await using wrong = recordedConnection({ address: { ...address, password: 'hush, hush' }, clientId: 'wrong' });
      assert.equal(
        await wrong.line(/^lost/),
        `lost: the broker at ${broker.url} refused the connection: not authorized`,
      );
      await using right = recordedConnection({ address: { ...address, password: 'hush' }, clientId: 'right' });
      await right.line(/^open$/);
    });

    it('reports which subscription is refused, and tries again', async () => {
      await using broker = await startMosquitto({ refusesSubscriptions: true });
      const address = { url: broker.url, protocol };
      await using robot = recordedConnection({ address, clientId: 'robot', subscriptions: ['order'] });
      assert.match(
        await robot.line(/^lost/),
        /refuses the subscription to order \((?:not authorized|no reason given)\)$/,
      );
      await eventually('another attempt', async () => robot.count(/^lost/) > 1);
      assert.equal(robot.count(/^open$/), 0);
    });

    it('sends only the newest message after a killed broker returns', async () => {
      await using broker = await startMosquitto();
      const address = { url: broker.url, protocol };
      let newest = 1;
      let sent = Promise.resolve();
      const send = () => robot.publish('state', `${newest}`, RETAINED);
      const onOpen = () => {
        sent = send();
      };
      await using robot = recordedConnection({ address, clientId: 'robot', onOpen });
      await using watcher = recordedConnection({ address, clientId: 'watcher', subscriptions: ['state'] });
      await watcher.line(/state 1$/);
      await sent;
      await broker.kill();
      await robot.line(/^lost/);
      for (newest = 2; newest < 4; newest += 1) await assert.rejects(send(), /is not open/);
      await broker.restart();
      await watcher.line(/state 4$/);
      await sent;
      assert.deepEqual([watcher.count(/state/), watcher.count(/state [23]/)], [2, 0]);
    });

    it('ends at a broker that pauses for longer than the keepalive, and returns when that continues', async () => {
      await using broker = await startMosquitto();
      await using robot = recordedConnection({
        address: { url: broker.url, protocol, keepaliveS: 1 },
        clientId: 'robot',
      });
      await robot.line(/^open$/);
      broker.pause();
      const pending = assert.rejects(
        robot.publish('state', 'never read', RETAINED),
        /did not answer within the keep alive time/,
      );
      await robot.line(/^lost: .* did not answer within the keep alive time$/);
      await pending;
      broker.resume();
      await eventually('another opening', async () => robot.isOpen);
    });

    it('reports that the broker may be full, and connects when another client leaves', async () => {
      await using broker = await startMosquitto({ maxConnections: 1 });
      const address = { url: broker.url, protocol };
      const first = recordedConnection({ address, clientId: 'first' });
      await first.line(/^open$/);
      await using second = recordedConnection({ address, clientId: 'second' });
      assert.match(await second.line(/^lost/), /may accept no more connections|quota exceeded/);
      await first.close();
      await second.line(/^open$/);
    });
  });
}

describe('a connection to Mosquitto', { skip: missing, timeout: 240_000 }, () => {
  it('reads the maximum packet size of the broker, and sends no larger message', async () => {
    await using broker = await startMosquitto({ maxPacketBytes: 1000 });
    await using robot = recordedConnection({ address: { url: broker.url, protocol: '5' }, clientId: 'robot' });
    await robot.line(/^open$/);
    assert.equal(robot.maxPacketBytes, 1000);
    await assert.rejects(
      robot.publish('state', 'x'.repeat(1000), RETAINED),
      /but the broker accepts at most 1000: shorten it/,
    );
    await robot.publish('state', 'x'.repeat(900), RETAINED);
    assert.deepEqual(robot.events, ['open']);
  });

  it('accepts only a certificate signed by its CA, for the requested host name', async () => {
    const ca = makeCertificate({ folder, name: 'ca' });
    const server = makeCertificate({ folder, name: 'server', subject: 'IP:127.0.0.1', ca });
    await using broker = await startMosquitto({ tls: { server } });
    const address = { url: broker.url, protocol: '5' } as const;
    await using robot = recordedConnection({ address: { ...address, ca: ca.cert }, clientId: 'robot' });
    await robot.line(/^open$/);
    await using stranger = recordedConnection({ address, clientId: 'stranger' });
    assert.match(await stranger.line(/^lost/), /certificate is from an unknown CA: configure the file of that CA$/);
    const named = { ...address, url: broker.url.replace('127.0.0.1', 'localhost'), ca: ca.cert };
    await using other = recordedConnection({ address: named, clientId: 'other' });
    assert.match(await other.line(/^lost/), /certificate is for another name$/);
    const plain = { ...address, url: broker.url.replace('mqtts', 'mqtt') };
    await using careless = recordedConnection({ address: plain, clientId: 'careless' });
    await careless.line(/^lost/);
  });

  it('presents a client certificate if the broker requires one', async () => {
    const ca = makeCertificate({ folder, name: 'fleet-ca' });
    const server = makeCertificate({ folder, name: 'fleet-server', subject: 'IP:127.0.0.1', ca });
    const clientCertificate = makeCertificate({ folder, name: 'fleet-robot', subject: 'DNS:robot', ca });
    await using broker = await startMosquitto({ tls: { server, clientCa: ca } });
    const address = { url: broker.url, protocol: '5', ca: ca.cert } as const;
    await using robot = recordedConnection({
      address: { ...address, cert: clientCertificate.cert, key: clientCertificate.key },
      clientId: 'robot',
    });
    await robot.line(/^open$/);
    await using stranger = recordedConnection({ address, clientId: 'stranger' });
    assert.match(await stranger.line(/^lost/), /it requires a client certificate/);
  });

  it('works over WebSockets too, and reports an address that does not accept WebSockets or connections', async () => {
    await using broker = await startMosquitto();
    const bridge = await webSocketBridge(broker.url);
    const address = { url: `${bridge.url}/mqtt`, protocol: '5' } as const;
    await using robot = recordedConnection({ address, clientId: 'robot', subscriptions: ['order'] });
    await robot.line(/^open$/);
    await robot.publish('order', 'round about', RETAINED);
    await robot.line(/^order round about$/);
    await using lost = recordedConnection({ address: { ...address, url: `${bridge.url}/other` }, clientId: 'lost' });
    assert.match(await lost.line(/^lost/), /Unexpected server response: 400$/);
    await bridge[Symbol.asyncDispose]();
    await robot.line(/^lost: .*connection refused: check that the broker is running/);
  });
});

describe('a connection to Aedes, a broker of MQTT 3.1.1', { timeout: 240_000 }, () => {
  it('receives published and retained messages, and has its will published', async () => {
    await using broker = await startAedes();
    const address = { url: broker.url, protocol: '3.1.1' } as const;
    const will = { topic: 'wills/one', payload: 'broken', ...RETAINED };
    await using one = recordedConnection({ address, clientId: 'one', will });
    await one.line(/^open$/);
    await one.publish('state', 'stored', RETAINED);
    await using other = recordedConnection({ address, clientId: 'other', subscriptions: ['state', 'wills/#'] });
    await other.line(/^kept state stored$/);
    await using namesake = recordedConnection({ address, clientId: 'one' });
    await namesake.line(/^open$/);
    await other.line(/^wills\/one broken$/);
  });

  it('names the setting to change if MQTT 5 is asked for', async () => {
    await using broker = await startAedes();
    await using robot = recordedConnection({ address: { url: broker.url, protocol: '5' }, clientId: 'robot' });
    assert.match(await robot.line(/^lost/), /does not support this version of MQTT: set protocol to the other version/);
  });
});

async function startAedes() {
  const broker = await Aedes.createBroker();
  const server = createServer(broker.handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      await new Promise<void>((resolve) => broker.close(resolve));
    },
  };
}
