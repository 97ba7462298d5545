import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { type Json, startGateway } from './gateway-process.ts';
import { startPeer } from './peer.ts';
import { vendors } from './peer-programs.ts';
import { peerSuite } from './peer-suite.ts';

const DOMAIN = await reserveDomain();
const SETTINGS = ['plugins=linux', 'plugins.linux.pid_cache_ttl_seconds=1'];

peerSuite('processes of real nodes, over REST', {}, () => {
  for (const vendor of vendors) {
    test(`3.4: ${vendor}: nodes composed into one process are discovered from the announcements of their participant`, {
      timeout: 60_000,
    }, async () => {
      await using gateway = await startGateway({ domainId: DOMAIN, settings: SETTINGS });
      await using _peer = await startPeer({
        vendor,
        domainId: DOMAIN,
        commands: ['node /robot/arm', 'node /robot/base'],
      });
      const found = async (path: string) =>
        eventually(path, async () => {
          const { status, body } = await gateway.ask('GET', path);
          return status === 200 && body;
        });
      const arm = await found('/apps/arm/x-medkit-procfs');
      const base = await found('/apps/base/x-medkit-procfs');
      assert.match(arm['exe'], new RegExp(`/${vendor}-peer$`));
      assert.deepEqual([arm['pid'], arm['ppid']], [base['pid'], process.pid]);
      assert.ok(arm['fd_count'] > 3 && arm['rss_bytes'] > 0);

      const { 'x-medkit': about, capabilities } = await eventually('the capability', async () => {
        const { body } = await gateway.ask('GET', '/apps/arm');
        return body['capabilities'].some(({ name }: Json) => name === 'x-medkit-procfs') && body;
      });
      assert.ok(!capabilities.some(({ name }: Json) => name === 'x-medkit-container'));
      const { body } = await gateway.ask('GET', `/components/${about['component_id']}/x-medkit-procfs`);
      assert.deepEqual(
        body['processes'].map(({ pid, node_ids }: Json) => [pid, node_ids]),
        [[arm['pid'], ['arm', 'base']]],
      );
      const { status, body: refused } = await gateway.ask('GET', '/apps/arm/x-medkit-container');
      assert.deepEqual([status, refused['vendor_code']], [404, 'x-medkit-not-containerized']);
    });
  }
});
