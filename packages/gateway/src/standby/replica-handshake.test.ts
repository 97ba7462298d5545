import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { systemRandom as random } from '@medkit/edges/node';
import { acceptReplica, introduceClient, introduceLink, replicaKey } from './replica-handshake.ts';

const KEY = replicaKey(new Uint8Array(32).fill(1));
const OTHER_KEY = replicaKey(new Uint8Array(32).fill(2));

/** Both ends of a connection on loopback. */
async function pair(t: { after(end: () => void): void }) {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const standby = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [hub] = (await once(server, 'connection')) as [Socket];
  t.after(() => {
    standby.destroy();
    hub.destroy();
    server.close();
  });
  return { hub, standby };
}

test('a standby and a hub with one secret agree on the address of the client, and leave its bytes', async (t) => {
  for (const address of ['10.0.0.7', '2001:db8::7', 'fe80::7%eth0', '::ffff:10.0.0.7']) {
    const { hub, standby } = await pair(t);
    const accepting = acceptReplica({ socket: hub, key: KEY, random });
    await introduceClient({ socket: standby, key: KEY, random }, address);
    standby.write('GET / HTTP/1.1\r\n');
    assert.deepEqual(await accepting, { client: address });
    hub.setEncoding('utf8');
    assert.equal(String(await once(hub, 'data')), 'GET / HTTP/1.1\r\n');
  }
});

test('an end without the secret is refused by the other one', async (t) => {
  const first = await pair(t);
  const accepting = acceptReplica({ socket: first.hub, key: OTHER_KEY, random });
  accepting.catch(() => undefined);
  await assert.rejects(
    introduceClient({ socket: first.standby, key: KEY, random }, '10.0.0.7'),
    /not a hub with the same fleet\.secret_file/,
  );
  first.standby.end();
  await assert.rejects(accepting, /the connection ended/);

  const second = await pair(t);
  const refusing = assert.rejects(acceptReplica({ socket: second.hub, key: KEY, random }), /same fleet\.secret_file/);
  const address = '127.0.0.1';
  second.standby.write(Buffer.concat([Buffer.from('medkit-replica/1\n'), Buffer.alloc(32)]));
  second.standby.write(Buffer.concat([Buffer.of(address.length), Buffer.from(address), Buffer.alloc(32)]));
  await refusing;
});

test('a recorded handshake, another address and what is no address are refused', async (t) => {
  const { hub, standby } = await pair(t);
  const sent: Buffer[] = [];
  const write = standby.write.bind(standby) as (data: Buffer) => boolean;
  standby.write = (data: Buffer) => {
    sent.push(data);
    return write(data);
  };
  const accepting = acceptReplica({ socket: hub, key: KEY, random });
  await introduceClient({ socket: standby, key: KEY, random }, '10.0.0.7');
  await accepting;
  const replay = await pair(t);
  const replayed = acceptReplica({ socket: replay.hub, key: KEY, random });
  replay.standby.write(Buffer.concat(sent));
  await assert.rejects(replayed, /same fleet\.secret_file/);

  const changed = await pair(t);
  const refusing = acceptReplica({ socket: changed.hub, key: KEY, random });
  const writeUnchanged = changed.standby.write.bind(changed.standby) as (data: Buffer) => boolean;
  changed.standby.write = (data: Buffer) =>
    writeUnchanged(Buffer.from(data.toString('latin1').replace('10.0.0.7', '10.0.0.8'), 'latin1'));
  await introduceClient({ socket: changed.standby, key: KEY, random }, '10.0.0.7');
  await assert.rejects(refusing, /same fleet\.secret_file/);

  const nameless = await pair(t);
  const refused = assert.rejects(acceptReplica({ socket: nameless.hub, key: KEY, random }), /"hub-a" is no address/);
  await introduceClient({ socket: nameless.standby, key: KEY, random }, 'hub-a');
  await refused;
});

test('other programs at either end are refused', async (t) => {
  const first = await pair(t);
  const refusing = assert.rejects(acceptReplica({ socket: first.hub, key: KEY, random }), /not a hub of this version/);
  first.standby.write(`GET /api/v1/health HTTP/1.1\r\nHost: hub-a\r\nX-Filler: ${'x'.repeat(64)}\r\n\r\n`);
  await refusing;
  for (const reply of [`HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n${' '.repeat(64)}`, '']) {
    const { hub, standby } = await pair(t);
    hub.end(reply);
    await assert.rejects(
      introduceClient({ socket: standby, key: KEY, random }, '10.0.0.7'),
      reply === '' ? /the connection ended/ : /not a hub with the same/,
    );
  }
});

test('both ends of a link derive one key, which differs for each link and from that of another secret', async (t) => {
  const keys: string[] = [];
  for (const key of [KEY, KEY, OTHER_KEY]) {
    const { hub, standby } = await pair(t);
    const derived = introduceLink({ socket: standby, key, random });
    assert.deepEqual(await acceptReplica({ socket: hub, key, random }), { linkKey: derived });
    keys.push(Buffer.from(derived).toString('hex'));
  }
  assert.equal(new Set(keys).size, 3);
  const { hub, standby } = await pair(t);
  const derived = introduceLink({ socket: standby, key: OTHER_KEY, random });
  assert.notDeepEqual(await acceptReplica({ socket: hub, key: KEY, random }), { linkKey: derived });
});
