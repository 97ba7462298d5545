import assert from 'node:assert/strict';
import { it } from 'node:test';
import { SovdError } from '@medkit/contract';
import { testConfig } from '../testing/test-gateway.ts';
import { gate } from './gate.ts';

const pass = gate(await testConfig(), 'robot');

/** Returns the verdict on a request with these `Host` headers, or the status of its refusal. */
function verdictOf(url: string, ...hosts: readonly string[]): string | number {
  const raw = {
    url,
    method: 'GET',
    httpVersion: '1.1',
    headers: { host: hosts[0] },
    rawHeaders: hosts.flatMap((host) => ['Host', host]),
    socket: { remoteAddress: '127.0.0.1' },
  };
  const request = { raw, host: hosts[0] ?? '', routeOptions: { config: {} } };
  try {
    return pass(request as never, {} as never);
  } catch (error) {
    assert.ok(error instanceof SovdError);
    return error.status;
  }
}

it('a request must name exactly one host, and it must be this gateway', () => {
  assert.equal(verdictOf('/api/v1/apps', 'robot:8080'), 'pass');
  assert.equal(verdictOf('/api/v1/apps', 'robot', 'robot'), 400);
  assert.equal(verdictOf('http://evil.example/api/v1/apps', 'robot'), 400);
  assert.equal(verdictOf('/api/v1/apps', 'evil.example'), 421);
  assert.equal(verdictOf('/api/v1/apps'), 421);
});
