import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { systemClock as clock, systemRandom as random } from '@medkit/edges/node';
import { identityFrom, newIdentityKey } from '@medkit/tunnel';
import { type HubLink, heldUplinks, openHubLink } from '@medkit/tunnel/front';
import { linkToHub } from './link-to-hub.ts';
import { acceptReplica, replicaKey } from './replica-handshake.ts';
import { secureAtHub } from './secure-link.ts';

const KEY = replicaKey(new Uint8Array(32).fill(1));
const OTHER_KEY = replicaKey(new Uint8Array(32).fill(2));
const IDENTITY = identityFrom(newIdentityKey());
const HUB = {
  ...{ identity: IDENTITY, max: 7, clock },
  record: () => assert.fail('no robot connects'),
  onOpen: () => assert.fail('no robot connects'),
  onPing: () => undefined,
  onEnd: () => undefined,
};

/** A server at which a standby finds its hub. */
async function listenFor(t: TestContext, serve: (socket: Socket) => Promise<unknown>): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    serve(socket).catch(() => socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A standby that logs to `lines`; `logged` resolves when a line matches. */
function startStandby(t: TestContext, address: () => string | undefined) {
  const lines: string[] = [];
  let wake = (): void => undefined;
  const log = (level: string, line: string): void => {
    lines.push(`${level}: ${line}`);
    wake();
  };
  const held = heldUplinks({ clock, random, perSec: 100 });
  const link = linkToHub({ hub: { address }, key: KEY, held, clock, random, log });
  t.after(() => link.close());
  const logged = async (pattern: RegExp): Promise<void> => {
    while (!lines.some((line) => pattern.test(line))) await new Promise<void>((resolve) => (wake = resolve));
  };
  return { link, lines, logged };
}

/** A hub of this version with a key. */
const hubWith = (key: Uint8Array, onLink: (link: HubLink) => void) => async (socket: Socket) => {
  const introduction = await acceptReplica({ socket, key, random });
  if ('linkKey' in introduction) onLink(openHubLink(await secureAtHub(socket, introduction.linkKey), HUB));
};

test('a standby links with the hub that serves, has its identity, and links again with the next one', async (t) => {
  const links: HubLink[] = [];
  const [first, second] = [
    await listenFor(
      t,
      hubWith(KEY, (link) => links.push(link)),
    ),
    await listenFor(
      t,
      hubWith(KEY, (link) => links.push(link)),
    ),
  ];
  let address = first;
  const { link, logged } = startStandby(t, () => address);
  await logged(new RegExp(`^info: holds connections of robots for the hub at ${first}`));
  assert.deepEqual([link.current()?.identity, link.current()?.max], [IDENTITY, 7]);
  address = second;
  links[0]?.close();
  await logged(new RegExp(`^warn: lost the link to the hub at ${first}: `));
  assert.equal(link.current(), undefined);
  await logged(new RegExp(`^info: holds connections of robots for the hub at ${second}`));
  link.close();
  await assert.doesNotReject(Promise.resolve(link.current()?.ended));
});

test('without a link, a standby logs the reason once: another secret, an earlier version, another program', async (t) => {
  const cases: readonly (readonly [(socket: Socket) => Promise<unknown>, RegExp])[] = [
    [
      hubWith(OTHER_KEY, () => assert.fail('it has no link')),
      /not a hub of this version with the same fleet\.secret_file/,
    ],
    // A hub of an earlier version reads as much as the handshake of a forwarded connection has.
    [async (socket) => socket.once('data', () => socket.destroy()), /not a hub of this version/],
    [async (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), /not a hub of this version/],
  ];
  for (const [serve, reason] of cases) {
    let attempts = 0;
    const again = Promise.withResolvers<void>();
    const address = await listenFor(t, (socket) => {
      attempts += 1;
      if (attempts === 2) again.resolve();
      return serve(socket);
    });
    const { link, lines, logged } = startStandby(t, () => address);
    await logged(/forwards connections of robots, because it cannot link/);
    await again.promise;
    link.close();
    assert.equal(lines.length, 1, lines.join('\n'));
    assert.match(lines[0] ?? '', reason);
    assert.equal(link.current(), undefined);
  }
});
