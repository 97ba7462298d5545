import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lossReason, reasonText } from './loss-reason.ts';

const url = 'mqtts://broker:8883';
const failure = (code: string | number, message = 'bad') => Object.assign(new Error(message), { code });

describe('the reason of a loss', () => {
  it('comes from the broker, in both versions of MQTT', () => {
    assert.equal(
      lossReason(failure(4), { url }),
      `the broker at ${url} refused the connection: bad user name or password`,
    );
    assert.equal(
      lossReason(failure(134), { url }),
      `the broker at ${url} refused the connection: bad user name or password`,
    );
    assert.deepEqual([2, 3, 5, 133, 135, 136, 151].map(reasonText), [
      'client identifier rejected',
      'server unavailable',
      'not authorized',
      'client identifier rejected',
      'not authorized',
      'server unavailable',
      'quota exceeded',
    ]);
    assert.deepEqual(
      [reasonText(255), reasonText(0), reasonText(undefined)],
      ['code 255', 'no reason given', 'no reason given'],
    );
  });

  it('names the problem of TLS or the network, with the remedy if one is known', () => {
    for (const [code, expected] of [
      ['ECONNREFUSED', /^mqtts:\/\/broker:8883 cannot be used: connection refused: check that the broker is running$/],
      ['CERT_HAS_EXPIRED', /certificate has expired/],
      ['ERR_TLS_CERT_ALTNAME_INVALID', /certificate is for another name/],
      ['DEPTH_ZERO_SELF_SIGNED_CERT', /self-signed/],
      ['SELF_SIGNED_CERT_IN_CHAIN', /from an unknown CA: configure the file/],
      ['ERR_UNHEARD', /cannot be used: bad$/],
    ] as const) {
      assert.match(lossReason(failure(code), { url }), expected);
    }
  });
});
