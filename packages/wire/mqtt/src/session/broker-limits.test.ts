import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { generate } from 'mqtt-packet';
import { limitProblem } from './broker-limits.ts';

describe('the limits of a broker', () => {
  it('count the bytes of a packet as the library writes them', () => {
    for (const qos of [0, 1] as const) {
      for (const chars of [0, 100, 121, 122, 123, 16_370, 16_380, 2_097_140, 2_097_160]) {
        const message = { topic: 'tü', payload: 'x'.repeat(chars), qos, retain: true };
        const bytes = generate({ cmd: 'publish', dup: false, messageId: 1, ...message }, { protocolVersion: 5 }).length;
        assert.equal(limitProblem({ maxPacketBytes: bytes }, message), undefined, `${chars} at QoS ${qos}`);
        assert.match(
          limitProblem({ maxPacketBytes: bytes - 1 }, message) ?? '',
          new RegExp(`has ${bytes} bytes, but the broker accepts at most ${bytes - 1}: shorten it`),
        );
      }
    }
  });

  it('name the features that the broker lacks, and are none if it reports nothing', () => {
    const message = { topic: 'state', payload: '{}', qos: 1, retain: true } as const;
    assert.equal(limitProblem({}, message), undefined);
    assert.match(
      limitProblem({ maxQos: 0 }, message) ?? '',
      /the broker does not support QoS 1, which the message to state needs/,
    );
    assert.match(
      limitProblem({ retains: false }, message) ?? '',
      /does not support retained messages, which the message to state needs/,
    );
    assert.equal(limitProblem({ maxQos: 0, retains: false }, { ...message, qos: 0, retain: false }), undefined);
  });
});
