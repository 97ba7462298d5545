import assert from 'node:assert/strict';
import { it } from 'node:test';
import { testConfig } from '../../testing/test-gateway.ts';
import { announcement } from './announcement.ts';

const LO = { name: 'lo', address: '127.0.0.1', netmask: '255.0.0.0', loopback: true };
const ETH = { name: 'eth0', address: '10.0.0.1', netmask: '255.255.255.0', loopback: false };

it('a gateway is announced only at the address that it listens on', async () => {
  const cases = [
    ['127.0.0.3', '127.0.0.3', undefined],
    ['127.0.0.1', '127.0.0.1', undefined],
    ['localhost', '127.0.0.1', undefined],
    ['0.0.0.0', '127.0.0.1', '10.0.0.1'],
    ['10.0.0.1', undefined, '10.0.0.1'],
    ['10.0.0.2', undefined, undefined],
  ] as const;
  for (const [host, onLoopback, onNetwork] of cases) {
    const config = await testConfig({ server: { host } });
    const sources = { config, gateway: 'a', machineName: 'robot', port: 8080, log: () => undefined };
    const { addressOn } = announcement(sources, 'loopback');
    assert.deepEqual([addressOn(LO), addressOn(ETH)], [onLoopback, onNetwork], host);
  }
});
