import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reserveDomain } from '../harness/free-domain.ts';
import { startGateway } from './gateway-process.ts';
import { startPeer } from './peer.ts';
import { vendors } from './peer-programs.ts';
import { peerSuite } from './peer-suite.ts';

const DOMAIN = await reserveDomain();
const SERVICE = '/fault_manager/report_fault';
const REPORT = `call ${SERVICE} ros2_medkit_msgs/srv/ReportFault`;
const CALLS = 2000;

peerSuite('faults that real DDS processes report', {}, () => {
  for (const vendor of vendors) {
    test(`${vendor}: are accepted once they are stored, and listed`, { timeout: 60_000 }, async () => {
      await using gateway = await startGateway({ domainId: DOMAIN, settings: ['fault_manager.mode=own'] });
      await using peer = await startPeer({ vendor, domainId: DOMAIN, commands: ['node /motor'] });
      const accepted = async (report: string) => {
        peer.command(`${REPORT} ${report}`);
        return (await peer.event('answer', SERVICE)).value;
      };
      assert.deepEqual(await accepted('MOTOR_HOT 0 2 /motor too hot: 96 °C'), { accepted: true });
      assert.deepEqual(await accepted('no/code 0 2 /motor x'), { accepted: false });
      const { body } = await gateway.ask('GET', '/faults');
      assert.deepEqual(
        body['items'].map((fault: Record<string, unknown>) => [
          fault['fault_code'],
          fault['status'],
          fault['description'],
          fault['reporting_sources'],
        ]),
        [['MOTOR_HOT', 'CONFIRMED', 'too hot: 96 °C', ['/motor']]],
      );
    });

    test(`${vendor}: are accepted eight at a time without losing one`, { timeout: 60_000 }, async () => {
      await using gateway = await startGateway({ domainId: DOMAIN, settings: ['fault_manager.mode=own'] });
      const call = `${REPORT} MOTOR_HOT 0 2 /motor hot count=${CALLS} parallel=8 quiet`;
      await using peer = await startPeer({ vendor, domainId: DOMAIN, commands: ['node /motor', call] });
      const { answered, lost } = await peer.event('called', SERVICE);
      assert.deepEqual([answered, lost], [CALLS, 0]);
      const { body } = await gateway.ask('GET', '/health');
      assert.equal(body['x-medkit-faults'].reports_accepted_total, CALLS);
    });
  }
});
