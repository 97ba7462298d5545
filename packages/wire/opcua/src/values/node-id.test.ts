import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { canonicalNodeId, parseNodeId, printNodeId } from './node-id.ts';

describe('A node id', () => {
  test('has one canonical text, however it was written', () => {
    for (const [written, canonical] of [
      ['ns=2;s=Tank.Level', 'ns=2;s=Tank.Level'],
      ['ns=0;i=2253', 'i=2253'],
      ['i=85', 'i=85'],
      ['ns=02;i=007', 'ns=2;i=7'],
      ['ns=3;s="DB"."level";x=1', 'ns=3;s="DB"."level";x=1'],
      ['ns=1;g=09087E75-8E5E-499B-954F-F2A9603DB28A', 'ns=1;g=09087e75-8e5e-499b-954f-f2a9603db28a'],
      ['ns=65535;b=AQIDBA==', 'ns=65535;b=AQIDBA=='],
      ['nsu=urn:plant:tank;i=007', 'nsu=urn:plant:tank;i=7'],
      ['nsu=urn:a%3bb%25c;s=x;y', 'nsu=urn:a%3Bb%25c;s=x;y'],
      ['nsu=http://opcfoundation.org/UA/;i=85', 'i=85'],
    ] as const) {
      assert.equal(canonicalNodeId(written), canonical, written);
    }
  });

  test('survives parsing and formatting', () => {
    const parts = { namespace: 4, kind: 's', identifier: 'Alarms.Overpressure' } as const;
    assert.deepEqual(parseNodeId(printNodeId(parts)), parts);
  });

  test('is refused if it is malformed', () => {
    const bad = [
      ...['', 'Tank', 'ns=2', 'ns=2;', 'ns=2;x=1', 'ns=-1;i=1', 'ns=65536;i=1', 'ns=2 ;i=1', 'nsu=;i=1'],
      ...['nsu=urn:x', `nsu=${'x'.repeat(1025)};i=1`, 'ns=2;nsu=urn:x;i=1'],
      ...['i=', 'i=-1', 'i=4294967296', 'i=1.5', 'i=0x10', 'ns=2;s=', `ns=2;s=${'x'.repeat(4097)}`],
      ...['g=1', 'ns=1;g=09087e75-8e5e-499b-954f-f2a9603db28', 'b=', 'b=A', 'b=AQIDBA', 'b=AQ ID', ' i=85', 'i=85 '],
    ];
    for (const text of bad) assert.equal(canonicalNodeId(text), undefined, JSON.stringify(text));
  });
});
