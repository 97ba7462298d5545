import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { FlatConfig } from './gateway-config.ts';
import { validateNats } from './nats-rules.ts';

const check = (servers: readonly string[], rest: object = {}) =>
  validateNats({
    ...{ 'fleet.nats.servers': servers, 'fleet.nats.credentials_file': '', 'fleet.nats.hub_name': '' },
    ...{ 'fleet.nats.stream': '', ...rest },
  } as unknown as FlatConfig);

it('servers of NATS are addresses without secrets', () => {
  for (const servers of [[], ['nats://127.0.0.1'], ['tls://a.example:4222', 'tls://[2001:db8::5]:4222/']])
    assert.deepEqual(check(servers), []);
  for (const server of ['a.example:4222', 'http://a.example', 'nats://', 'nats:///x'])
    assert.throws(() => check([server]), /is not an address of a server\. Example: nats:\/\/nats\.example\.com:4222/);
  assert.throws(() => check(['nats://a.example/x']), /more than a host and a port/);
  assert.throws(() => check(['nats://a.example', 'tls://b.example']), /are all encrypted, or none/);
  for (const server of ['nats://ada:purple@a.example', 'nats://purple@a.example', 'http://ada:purple@a.example'])
    assert.throws(
      () => check([server]),
      (error: Error) => /credentials_file|not an address/.test(error.message) && !error.message.includes('purple'),
    );
});

it('settings without servers are refused', () => {
  for (const name of ['credentials_file', 'hub_name', 'stream'])
    assert.throws(() => check([], { [`fleet.nats.${name}`]: 'x' }), /needs servers: set fleet\.nats\.servers, too/);
});
