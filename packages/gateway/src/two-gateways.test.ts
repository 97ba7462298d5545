import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { twoGateways } from './testing/two-gateways.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const gateway of opened.splice(0)) await gateway.close();
});

async function setUp() {
  const gateway = await twoGateways();
  opened.push(gateway);
  return gateway;
}

describe('a gateway with the entities of another one', () => {
  it('has the faults of both in the list of all', async () => {
    const { ask } = await setUp();
    const { status, body } = await ask('GET', '/faults');
    const faults: readonly { readonly fault_code: string; readonly description: string }[] = body.items;
    assert.deepEqual(
      [status, faults.map(({ fault_code, description }) => `${fault_code}: ${description}`).sort()],
      [200, ['MINE: MINE is wrong', 'SHARED: of peer_b', 'SHARED: of ros2', 'THEIRS: THEIRS is wrong']],
    );
  });

  it('clears a fault of an app of its own, and nothing at the other one, which has a fault of that code', async () => {
    const { ask, asked } = await setUp();
    assert.equal((await ask('DELETE', '/apps/lidar_driver/faults/SHARED')).status, 204);
    assert.deepEqual(
      asked.filter((call) => call.includes('clear')),
      ['ros2 clear SHARED'],
    );
  });
});
