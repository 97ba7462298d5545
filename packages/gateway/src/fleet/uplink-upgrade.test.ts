import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { Duplex } from 'node:stream';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { SimulatedClock } from '@medkit/edges/testing';
import type { Fleet } from '@medkit/fleet';
import type { RobotSessions } from './robot-sessions.ts';
import { uplinkUpgrade } from './uplink-upgrade.ts';

/** An upgrade whose handshakes wait until the test lets them go, and a function that connects a client. */
function setUp(proxies: readonly string[] = []) {
  const turns: ((retryAfterSec: number) => void)[] = [];
  const addresses: string[] = [];
  const fleet = {
    record: ({ address }: { address: string }) => {
      addresses.push(address);
      return {};
    },
  } as unknown as Fleet;
  const upgrade = uplinkUpgrade({
    fleet,
    sessions: {} as RobotSessions,
    admission: {
      enter: () => new Promise((resolve) => turns.push(resolve)),
      close: () => undefined,
      figures: () => ({ waiting: 0, admitted: 0, refused: 0 }),
    },
    clock: new SimulatedClock(),
    log: (_level, line) => assert.fail(line),
    isProxy: (address) => proxies.includes(address ?? ''),
    publicPath: '/hub',
  });
  const connect = async (remoteAddress: string, headers: Record<string, string> = {}) => {
    const replies: string[] = [];
    const socket = new Duplex({
      read: () => undefined,
      write: (chunk, _encoding, done) => {
        replies.push(String(chunk));
        done();
      },
    });
    const request = { method: 'GET', headers, socket: { remoteAddress } } as unknown as IncomingMessage;
    void upgrade.accept(request, socket, Buffer.alloc(0));
    await setImmediate();
    return { replies, status: () => replies.join('').slice(9, 12) };
  };
  return { upgrade, turns, addresses, connect };
}

describe('uplink upgrades', () => {
  it('belong to one route, below the path of server.public_url', () => {
    const { upgrade } = setUp();
    const urls = [
      '/api/v1/x-medkit-fleet/uplink',
      '/hub/api/v1/x-medkit-fleet/uplink?v=1',
      '/api/v1/health',
      '/uplink',
    ];
    assert.deepEqual(
      urls.map((url) => upgrade.matches({ url } as IncomingMessage)),
      [true, true, false, false],
    );
  });

  it('leave handshakes for other addresses if one address opens many', async () => {
    const { upgrade, turns, connect } = setUp();
    const clients = [];
    for (let count = 0; count < 600; count += 1) clients.push(await connect('10.0.0.1'));
    assert.equal(clients.filter((client) => client.status() === '503').length, 100);
    const robot = await connect('10.0.0.2');
    assert.equal(robot.status(), '');
    assert.deepEqual([upgrade.handshakes.total, turns.length], [501, 501]);
    for (const turn of turns) turn(3);
    await setImmediate();
    assert.equal(robot.status(), '503');
    assert.match(robot.replies.join(''), /^Retry-After: 3\r$/m);
    assert.equal(upgrade.handshakes.total, 0);
  });

  it('count for the address that no trusted proxy has', async () => {
    const { turns, addresses, connect } = setUp(['10.0.0.1', '10.0.0.9']);
    await connect('10.0.0.1', { 'x-forwarded-for': '1.1.1.1, 203.0.113.7, 10.0.0.9' });
    await connect('10.0.0.1', { 'x-forwarded-for': 'unknown' });
    await connect('10.0.0.2', { 'x-forwarded-for': '203.0.113.7' });
    for (const turn of turns) turn(0);
    await setImmediate();
    assert.deepEqual(addresses, ['203.0.113.7', '10.0.0.1', '10.0.0.2']);
  });
});
