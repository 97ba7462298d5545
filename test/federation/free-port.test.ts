import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { freePort, takePort } from './free-port.ts';

/** Ports that Linux chooses for connections and for servers without a port. */
const RANGE = '/proc/sys/net/ipv4/ip_local_port_range';

describe('A reserved port', () => {
  it('is below the ports that the system chooses, and free for a program', async () => {
    const port = await freePort();
    const [min] = readFileSync(RANGE, 'utf8').split('\t').map(Number);
    assert.ok(port < min!, `${port} is below ${min}`);
    const release = await takePort(port);
    assert.ok(release, `${port} is free`);
    await release();
  });

  it('is locked by the next port, and is given once', async () => {
    const ports = await Promise.all(Array.from({ length: 100 }, freePort));
    assert.equal(new Set(ports).size, ports.length);
    for (const port of ports) assert.equal(await takePort(port + 1), undefined, `${port} is locked`);
  });
});
