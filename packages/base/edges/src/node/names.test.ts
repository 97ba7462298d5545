import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemNames } from './names.ts';

describe('host names', () => {
  it('are resolved by the system, and addresses are returned unchanged', async () => {
    assert.deepEqual(await systemNames.addressesOf('127.0.0.1'), ['127.0.0.1']);
    const local = await systemNames.addressesOf('localhost');
    assert.ok(local.length > 0 && local.every((address) => ['127.0.0.1', '::1'].includes(address)), String(local));
  });

  it('are resolved a few at a time, and failed lookups do not stop the others', async () => {
    // Too long for a host name, so no server is queried.
    const names = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? '127.0.0.1' : 'x'.repeat(300)));
    const results = await Promise.allSettled(names.map((name) => systemNames.addressesOf(name)));
    assert.deepEqual(
      results.map(({ status }) => status),
      names.map((_, n) => (n % 2 === 0 ? 'fulfilled' : 'rejected')),
    );
  });
});
