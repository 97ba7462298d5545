import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { identityFrom, newIdentityKey } from '@medkit/tunnel';
import { heldUplinks, type StandbyLink } from '@medkit/tunnel/front';
import { UPLINK_URL } from '../fleet/uplink-upgrade.ts';
import { testConfig } from '../testing/test-gateway.ts';
import { acceptUplinks } from './accept-uplinks.ts';

const UPGRADE = `GET ${UPLINK_URL} HTTP/1.1\r\nHost: hub\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`;
const WEB_SOCKET = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';

const LINK = { identity: identityFrom(newIdentityKey()), max: 10, record: () => ({}) } as unknown as StandbyLink;

/** A standby whose connections are either taken, or counted as forwarded with what their next reader receives. */
async function startStandby(t: TestContext, link: StandbyLink | 'none' = LINK) {
  const clock = new SimulatedClock();
  const held = heldUplinks({ clock, random: seededRandom(1), perSec: 10 });
  const log = (_level: string, line: string) => assert.fail(line);
  const acceptor = acceptUplinks({
    config: await testConfig(),
    tls: undefined,
    link: () => (link === 'none' ? undefined : link),
    held,
    clock,
    log,
  });
  const seen = { forwarded: 0, taken: 0, text: '' };
  const sockets = new Set<Socket>();
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (client) => {
    sockets.add(client.on('error', () => undefined));
    void acceptor.take(client).then((isTaken) => {
      if (isTaken) seen.taken += 1;
      else {
        seen.forwarded += 1;
        client.on('data', (data) => {
          seen.text += String(data);
        });
        client.resume();
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const open = async (text: string) => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    sockets.add(socket.on('error', () => undefined));
    const received = { text: '', isClosed: false };
    socket.on('data', (data) => {
      received.text += String(data);
    });
    socket.once('close', () => {
      received.isClosed = true;
    });
    await once(socket, 'connect');
    if (text !== '') socket.write(text);
    return { socket, received };
  };
  t.after(() => {
    acceptor.close();
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { clock, acceptor, seen, open };
}

async function until(what: string, isTrue: () => boolean): Promise<void> {
  for (let turn = 0; turn < 20_000 && !isTrue(); turn++) await setImmediate();
  assert.ok(isTrue(), what);
}

test('a connection that is no uplink is forwarded from its first byte, also if that comes in parts', async (t) => {
  const { seen, open } = await startStandby(t);
  const { socket } = await open('GE');
  await setImmediate();
  socket.write('T /api/v1/health HTTP/1.1\r\n\r\n');
  await until('it is forwarded', () => seen.text.endsWith('\r\n\r\n'));
  assert.deepEqual([seen.forwarded, seen.taken, seen.text], [1, 0, 'GET /api/v1/health HTTP/1.1\r\n\r\n']);
  socket.write('more');
  await until('the rest follows', () => seen.text.endsWith('more'));
});

test('a client that sends nothing, or ends, is forwarded, and without a link each one', async (t) => {
  const first = await startStandby(t);
  await first.open('');
  await setImmediate();
  await until('it is read', () => first.seen.forwarded === 0);
  for (let turn = 0; turn < 50; turn++) {
    await setImmediate();
    first.clock.advance(200);
  }
  await until('the silent one', () => first.seen.forwarded === 1);
  const { socket } = await first.open('GET /api');
  socket.end();
  await until('the one that ended', () => first.seen.forwarded === 2);
  await until('its bytes', () => first.seen.text === 'GET /api');

  const second = await startStandby(t, 'none');
  await second.open(`${UPGRADE}${WEB_SOCKET}\r\n`);
  await until('the uplink', () => second.seen.forwarded === 1);
});

test('an uplink is accepted by the standby: the upgrade is answered, and a page of another site is refused', async (t) => {
  const { clock, seen, open, acceptor } = await startStandby(t);
  const robot = await open(`${UPGRADE}${WEB_SOCKET}\r\n`);
  await until('the upgrade', () => robot.received.text.startsWith('HTTP/1.1 101'));
  const page = await open(`${UPGRADE}${WEB_SOCKET}Origin: https://example.com\r\n\r\n`);
  await until('the refusal', () => page.received.text.startsWith('HTTP/1.1 403'));
  assert.deepEqual([seen.taken, seen.forwarded], [2, 0]);
  robot.socket.destroy();
  const late = await open(UPGRADE);
  acceptor.close();
  await until('the end of a connection without a request', () => late.received.isClosed);
  clock.advance(60_000);
});
