import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, describe, it } from 'node:test';
import { UplinkFailed } from '@medkit/tunnel';
import {
  connectTestRobot,
  enrolTestRobot,
  type TestHub,
  testHub,
} from '../../packages/gateway/src/testing/test-hub.ts';
import { eventually } from '../harness/eventually.ts';

const hubs: TestHub[] = [];
async function startHub(...options: Parameters<typeof testHub>): Promise<TestHub> {
  const hub = await testHub(...options);
  hubs.push(hub);
  return hub;
}
after(async () => {
  for (const hub of hubs) await hub.close();
});

const presenceOf = async (hub: TestHub, robot: string) => (await hub.fleet('GET', `/robots/${robot}`)).json().presence;
const refusedBy = (code: string) => (error: unknown) =>
  error instanceof UplinkFailed && error.end.kind === 'refused' && error.end.code === code;

describe('a fleet hub', () => {
  it('invites, approves and connects a robot, and shows its presence', async () => {
    const hub = await startHub();
    const robot = await enrolTestRobot(hub, 'amr-17', { auto_approve: false, site: 'berlin' });
    await assert.rejects(
      connectTestRobot(robot, () => undefined),
      refusedBy('pending'),
    );
    assert.equal((await hub.fleet('POST', '/robots/amr-17/approve')).json().state, 'approved');
    const uplink = await connectTestRobot(robot, () => undefined);
    await eventually('presence', async () => (await presenceOf(hub, 'amr-17')) === 'online');
    const { items, total } = (await hub.fleet('GET', '/robots?site=berlin')).json();
    assert.deepEqual([total, items[0].id, items[0].versions.medkit], [1, 'amr-17', '0.3.0']);
    uplink.close();
    await eventually('absence', async () => (await presenceOf(hub, 'amr-17')) === 'offline');
  });

  it('ends the session of a robot that is revoked, and refuses it from then on', async () => {
    const hub = await startHub();
    const robot = await enrolTestRobot(hub, 'amr-1');
    const uplink = await connectTestRobot(robot, () => undefined);
    assert.equal((await hub.fleet('POST', '/robots/amr-1/revoke')).json().state, 'revoked');
    const { end } = await uplink.ended;
    assert.deepEqual([end.kind, end.kind === 'refused' && end.code], ['refused', 'revoked']);
    await assert.rejects(
      connectTestRobot(robot, () => undefined),
      refusedBy('revoked'),
    );
  });

  it('has one session of a robot: the newest', async () => {
    const hub = await startHub();
    const robot = await enrolTestRobot(hub, 'amr-2');
    const first = await connectTestRobot(robot, () => undefined);
    const second = await connectTestRobot(robot, () => undefined);
    assert.equal((await first.ended).end.kind, 'lost');
    await eventually('presence', async () => (await presenceOf(hub, 'amr-2')) === 'online');
    second.close();
  });

  it('sends robots the time to return before it stops', async () => {
    const hub = await testHub();
    const uplink = await connectTestRobot(await enrolTestRobot(hub, 'amr-3'), () => undefined);
    await hub.close();
    const { end } = await uplink.ended;
    assert.equal(end.kind, 'stopped');
  });

  it('refuses unknown codes and keys', async () => {
    const hub = await startHub();
    const robot = await enrolTestRobot(hub, 'amr-4');
    const other = await startHub();
    const { fingerprint } = (await other.fleet('GET', '/hub')).json();
    const stray = { ...robot, url: robot.url.replace(hub.url.slice(7), other.url.slice(7)) };
    const wrongHub = (error: unknown) => error instanceof UplinkFailed && error.message.includes('key');
    await assert.rejects(
      connectTestRobot(stray, () => undefined),
      wrongHub,
    );
    await assert.rejects(
      connectTestRobot({ ...stray, hubFingerprint: fingerprint }, () => undefined),
      refusedBy('unknown'),
    );
  });

  it('answers requests that do not upgrade, and upgrades of other routes, as requests', async () => {
    const hub = await startHub();
    const { fingerprint } = (await hub.fleet('GET', '/hub')).json();
    assert.equal((await hub.fleet('GET', '/uplink')).json().fingerprint, fingerprint);
    const upgraded = await rawReply(hub, '/api/v1/version-info', 'Upgrade: h2c\r\nConnection: Upgrade');
    assert.match(upgraded, /^HTTP\/1\.1 (?:200|400) /);
    const webSocket = 'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13';
    const page = `${webSocket}\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: https://foreign.example`;
    assert.match(await rawReply(hub, '/api/v1/x-medkit-fleet/uplink', page), /^HTTP\/1\.1 403 /);
    assert.match(await rawReply(hub, '/api/v1/x-medkit-fleet/uplink', webSocket), /^HTTP\/1\.1 400 /);
  });
});

/** Sends a request over a separate connection; returns the reply. */
async function rawReply(hub: TestHub, path: string, headers: string): Promise<string> {
  const socket = connect(Number(new URL(hub.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n\r\n`);
  const [reply] = await once(socket, 'data');
  socket.destroy();
  return String(reply);
}
