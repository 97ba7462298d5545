import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brokerUrl } from './broker-address.ts';

describe('the URL of a broker', () => {
  it('is one of MQTT over TCP or TLS, or over WebSockets with a path', () => {
    for (const text of [
      'mqtt://127.0.0.1:1883',
      'mqtt://broker.yard',
      'mqtts://[fd00::1]:8883',
      'ws://broker:9001/mqtt',
      'wss://broker/a/b',
    ]) {
      assert.equal(brokerUrl(text), text);
    }
  });

  it('is refused with a message if it is anything else', () => {
    for (const [text, problem] of [
      ['', /^Error: "": expected mqtt:/],
      ['broker:1883', /"broker:1883": expected mqtt:/],
      ['http://broker/', /"http:\/\/broker\/": expected mqtt:/],
      ['mqtt:broker', /expected mqtt:/],
      ['mqtt://', /expected mqtt:/],
      ['mqtt://broker:0', /0 is not a valid port/],
      ['mqtt://broker:70000', /expected mqtt:/],
      ['mqtt://broker/path', /only ws:\/\/ and wss:\/\/ have a path/],
      ['ws://broker/?clientId=x', /must not contain a query or a fragment/],
      ['mqtt://broker#x', /must not contain a query or a fragment/],
    ] as const) {
      assert.throws(() => brokerUrl(text), problem, text);
    }
  });

  it('may contain no credentials, and does not show any that it contains', () => {
    for (const text of ['mqtt://fleet:hush@broker', 'mqtt://hush@broker', 'mqtt:/fleet:hush@broker', 'x://a:hush@b']) {
      assert.throws(
        () => brokerUrl(text),
        (error: Error) => !error.message.includes('hush'),
        text,
      );
    }
    assert.throws(() => brokerUrl('mqtt://fleet:hush@broker'), /must not contain credentials: .* from a file/);
    assert.throws(
      () => brokerUrl('ws://broker/?token=hush'),
      (error: Error) => !error.message.includes('hush'),
    );
  });
});
