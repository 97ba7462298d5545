import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { protocolOf } from '../select-protocol.ts';
import { EXAMPLE_FACTSHEETS } from '../testing/factsheets.ts';
import { exampleHeader } from '../testing/idle-robot.ts';
import { PROTOCOL_VERSIONS, type ProtocolVersion } from './version.ts';

const sent = (version: ProtocolVersion, content: object) =>
  JSON.parse(protocolOf(version).encodeFactsheet(exampleHeader(version), content));
/** The example with part of its text replaced. */
const changed = (version: ProtocolVersion, from: string, to: string) =>
  JSON.parse(JSON.stringify(EXAMPLE_FACTSHEETS[version]).replace(from, to));

describe('a factsheet', () => {
  for (const version of PROTOCOL_VERSIONS) {
    const { factsheetProblem } = protocolOf(version);

    it(`of ${version} gets its header from the session, whatever the file contains`, () => {
      const { headerId, serialNumber } = sent(version, { ...EXAMPLE_FACTSHEETS[version], serialNumber: 'another' });
      assert.deepEqual({ headerId, serialNumber }, { headerId: 7, serialNumber: 'AMR-1' });
    });

    it(`of ${version} that lacks a member is reported with its path`, () => {
      assert.equal(factsheetProblem(EXAMPLE_FACTSHEETS[version]), undefined);
      assert.equal(factsheetProblem([]), 'it must be object');
      assert.equal(factsheetProblem({}), 'typeSpecification is missing');
      const problem = factsheetProblem(changed(version, '"seriesName"', '"name"'));
      assert.equal(problem, 'typeSpecification.seriesName is missing');
    });
  }

  it('of 2.1.0 is sent without members that its schema does not have', () => {
    const { protocolFeatures, agvGeometry } = sent('2.1.0', EXAMPLE_FACTSHEETS['2.1.0']);
    assert.equal('blockingTypes' in protocolFeatures.agvActions[0], false);
    assert.equal('description' in agvGeometry.envelopes3d[0], false);
  });

  it('of 3.0.0 has the kinematics by both names, whichever was given', () => {
    for (const name of ['mobileRobotKinematic', 'mobileRobotKinematics']) {
      const content = changed('3.0.0', 'mobileRobotKinematics', name);
      assert.equal(protocolOf('3.0.0').factsheetProblem(content), undefined);
      const { mobileRobotKinematic, mobileRobotKinematics } = sent('3.0.0', content).typeSpecification;
      assert.deepEqual([mobileRobotKinematic, mobileRobotKinematics], ['DIFFERENTIAL', 'DIFFERENTIAL']);
    }
    assert.equal(
      protocolOf('3.0.0').factsheetProblem(changed('3.0.0', 'mobileRobotKinematics', 'other')),
      'typeSpecification.mobileRobotKinematics is missing',
    );
  });

  it('of 3.0.0 says in the form of its schema whether an action can be paused and cancelled', () => {
    const [action] = sent('3.0.0', EXAMPLE_FACTSHEETS['3.0.0']).protocolFeatures.mobileRobotActions;
    assert.deepEqual([action.pauseAllowed, action.cancelAllowed], ['false', 'false']);
  });
});
