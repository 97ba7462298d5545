import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { WebhookEvent } from '../webhook.ts';
import { cloudEvent } from './cloud-event.ts';
import { messageHeaders, messageIdOf } from './signature.ts';

const event: WebhookEvent = {
  id: '7',
  source: '/api/v1/apps/battery/triggers/trig_1',
  type: 'medkit.trigger.fired',
  subject: 'voltage',
  timeMs: Date.UTC(2026, 2, 23, 2, 12, 53, 250),
  data: '{"value":9007199254740993}',
};

describe('the envelope', () => {
  it('is a CloudEvent whose source is the robot, with unchanged data', () => {
    const text = cloudEvent(event, 'http://amr-01:8080');
    assert.deepEqual(JSON.parse(text.replace('9007199254740993', '"big"')), {
      specversion: '1.0',
      id: '7',
      source: 'http://amr-01:8080/api/v1/apps/battery/triggers/trig_1',
      type: 'medkit.trigger.fired',
      subject: 'voltage',
      time: '2026-03-23T02:12:53.250Z',
      datacontenttype: 'application/json',
      data: { value: 'big' },
    });
    assert.ok(text.includes('9007199254740993'));
  });

  it('omits data that is too large for some receivers, and says so', () => {
    const data = JSON.stringify('ä'.repeat(40_000));
    const parsed = JSON.parse(cloudEvent({ ...event, data }, 'http://amr-01'));
    assert.equal(parsed.dataomitted, 80_002);
    assert.deepEqual([parsed.data, parsed.datacontenttype], [undefined, undefined]);
  });
});

describe('the signature', () => {
  const signed = { messageId: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330, body: '{"test": 2432232314}' };

  it('follows Standard Webhooks', () => {
    // The example from the tests of the Standard Webhooks libraries.
    assert.deepEqual(messageHeaders(signed, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'), {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('uses a plain secret verbatim, and is absent without a secret', () => {
    const bytes = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64').toString('latin1');
    assert.notEqual(
      messageHeaders(signed, bytes)['webhook-signature'],
      messageHeaders(signed, 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')['webhook-signature'],
    );
    assert.deepEqual(Object.keys(messageHeaders(signed, undefined)), ['webhook-id', 'webhook-timestamp']);
  });

  it('has an id that stays with the event and is unique', () => {
    const ids = [
      messageIdOf(event, 'http://amr-01'),
      messageIdOf({ ...event, id: '8' }, 'http://amr-01'),
      messageIdOf({ ...event, source: '/other' }, 'http://amr-01'),
      messageIdOf(event, 'http://amr-02'),
    ];
    assert.equal(new Set(ids).size, 4);
    const { id, source } = event;
    assert.equal(ids[0], messageIdOf({ id, source }, 'http://amr-01'));
    assert.match(ids[0]!, /^msg_[\w-]{27}$/);
  });
});
