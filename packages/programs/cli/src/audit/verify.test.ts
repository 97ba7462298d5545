import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gatewayVerdictLines, isBroken } from './peer-lines.ts';
import { verdictLines } from './verdict-lines.ts';

describe('the output about an audit log', () => {
  it('says that every record is intact', () => {
    assert.deepEqual(verdictLines('/a.db', { intact: true, checked: 0 }), ['/a.db: empty']);
    assert.deepEqual(verdictLines('/a.db', { intact: true, checked: 12 }), ['/a.db: 12 records, all intact']);
  });

  it('shows the first invalid record, and the reason', () => {
    const problem = 'its content does not match its hash (tampered with)';
    assert.deepEqual(verdictLines('/a.db', { intact: false, checked: 3, badSeq: 10, problem }), [
      '/a.db: NOT INTACT',
      `record 10: ${problem}`,
      '2 records before it intact; records after it were not checked',
    ]);
  });

  it('shows the problems of the logs of other gateways, and which gateways did not answer', () => {
    const yard = { origin: 'yard', intact: true, checked: 3 };
    const witness = { id: 7, hash: 'aa', seen_at: '2026-03-23T02:14:33.000Z' };
    const sound = { intact: true, checked: 12, gateways: [{ ...yard, witness }] };
    assert.deepEqual(gatewayVerdictLines('robot-01', sound), [
      'robot-01: 12 records, all intact',
      'yard: 3 records, all intact',
    ]);
    assert.equal(isBroken(sound), false);
    const rewritten = { ...yard, witness: { ...witness, problem: 'its newest record is 3' } };
    const verdict = { ...sound, gateways: [rewritten], 'x-medkit': { partial: true, failed_peers: ['h\u001ball'] } };
    assert.deepEqual(gatewayVerdictLines('robot-01', verdict).slice(2), [
      'yard: NOT the log that this gateway saw before: its newest record is 3',
      'h all: does not answer, so its audit log is missing from this list',
    ]);
    assert.equal(isBroken(verdict), true);
    assert.equal(isBroken({ ...sound, gateways: [{ ...yard, intact: false }] }), true);
  });
});
