import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { startGateway } from './gateway-process.ts';
import { startPeer } from './peer.ts';
import { vendors } from './peer-programs.ts';
import { peerSuite } from './peer-suite.ts';

const DOMAIN = await reserveDomain();
const NAVIGATE = 'nav2_msgs/action/NavigateToPose';

peerSuite('goals that real DDS processes abort', {}, () => {
  for (const vendor of vendors) {
    test(`${vendor}: become faults of the node, with the text of their results`, { timeout: 60_000 }, async () => {
      await using gateway = await startGateway({ domainId: DOMAIN, settings: ['fault_manager.mode=own'] });
      const server = `action /navigate_to_pose ${NAVIGATE} interval=50 abort`;
      await using _server = await startPeer({ vendor, domainId: DOMAIN, commands: ['node /bt_navigator', server] });
      // A goal of another client: medkit learns of it only when it fails.
      const goal = `goal /navigate_to_pose ${NAVIGATE} 1`;
      await using _client = await startPeer({ vendor, domainId: DOMAIN, commands: ['node /operator', goal] });
      const fault = await eventually('the fault', async () => {
        const { body } = await gateway.ask('GET', '/faults');
        return body['items'][0];
      });
      assert.deepEqual(
        [fault.fault_code, fault.description, fault.reporting_sources],
        [
          'ACTION_NAVIGATE_TO_POSE_ABORTED',
          'Action /navigate_to_pose aborted: Failed to make progress (error_code 105)',
          ['/bt_navigator'],
        ],
      );
    });
  }
});
