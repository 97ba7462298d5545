import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULT_QOS } from '../qos/defaults.ts';
import { hexOf } from '../wire/guid-octets.ts';
import * as pid from '../wire/parameter-ids.ts';
import { visitParameters } from '../wire/parameter-list.ts';
import { encodeExpectedInlineQos, encodeInlineQos } from './inline-qos.ts';

/** Returns the parameters of a list, values in hex. */
function parametersOf(bytes: Uint8Array): Map<number, string> {
  const found = new Map<number, string>();
  const end = visitParameters(bytes, 0, bytes.length, true, ({ id, start, end }) => {
    found.set(id, hexOf(bytes, start, end - start));
  });
  assert.equal(end, bytes.length);
  return found;
}

describe('inline QoS', () => {
  it('is left out if a change needs none', () => {
    assert.equal(encodeInlineQos({ change: 'alive' }), undefined);
  });

  it('names a related sample under both ids in use', () => {
    const guid = '010f0000000000000000000000000103';
    const found = parametersOf(encodeInlineQos({ change: 'alive', relatedIdentity: { guid, sequenceNumber: 5 } })!);
    const expected = `${guid}0000000005000000`;
    assert.deepEqual(
      [...found],
      [
        [pid.PID_RELATED_SAMPLE_IDENTITY, expected],
        [pid.PID_RELATED_SAMPLE_IDENTITY_FAST_DDS, expected],
      ],
    );
  });

  it('writes an unknown number as in the specification', () => {
    const guid = '0'.repeat(32);
    const found = parametersOf(encodeInlineQos({ change: 'alive', relatedIdentity: { guid, sequenceNumber: -1 } })!);
    assert.equal(found.get(pid.PID_RELATED_SAMPLE_IDENTITY), `${guid}ffffffff00000000`);
  });

  it('distinguishes dispose and unregister, and names the instance', () => {
    const keyHash = new Uint8Array(16).fill(0xab);
    for (const [change, status] of [
      ['disposed', '00000001'],
      ['unregistered', '00000002'],
      ['disposed-unregistered', '00000003'],
    ] as const) {
      const found = parametersOf(encodeInlineQos({ change, keyHash })!);
      assert.deepEqual(
        [...found],
        [
          [pid.PID_KEY_HASH, 'ab'.repeat(16)],
          [pid.PID_STATUS_INFO, status],
        ],
      );
    }
  });

  it('has the topic and the QoS of the writer for a reader that expects it', () => {
    const changeQos = encodeInlineQos({ change: 'disposed', keyHash: new Uint8Array(16) });
    const found = parametersOf(encodeExpectedInlineQos('rt/a', DEFAULT_QOS.writer, changeQos));
    assert.equal(found.get(pid.PID_TOPIC_NAME), '050000007274' + '2f6100' + '000000');
    assert.equal(found.get(pid.PID_RELIABILITY)?.slice(0, 8), '02000000');
    assert.equal(found.get(pid.PID_STATUS_INFO), '00000001');
  });
});
