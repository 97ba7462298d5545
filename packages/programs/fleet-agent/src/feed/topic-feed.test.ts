import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { protocolOf } from '@medkit/vda5050';
import { GATEWAY_UNAVAILABLE, SimulatedPicture } from '../testing/simulated-picture.ts';
import { errorFeed } from './error-feed.ts';
import { topicFeed } from './topic-feed.ts';

function openFeed(version: '2.1.0' | '3.0.0' = '3.0.0') {
  const picture = new SimulatedPicture();
  return { picture, errors: errorFeed(picture, protocolOf(version)) };
}

describe('the feed of errors', () => {
  it('has them in the form of the version', () => {
    for (const version of ['2.1.0', '3.0.0'] as const) {
      const { picture, errors } = openFeed(version);
      picture.setErrors('PROTECTIVE_STOP');
      const { version: said, errors: items } = JSON.parse(errors.text);
      assert.equal(said, version);
      assert.equal(items[0].errorType, 'PROTECTIVE_STOP');
      assert.deepEqual(items[0].errorReferences, [{ referenceKey: 'entityId', referenceValue: 'safety_gate' }]);
    }
  });

  it('contains the reason why the state of the robot is unknown', () => {
    const { picture, errors } = openFeed();
    picture.change({ gatewayProblem: GATEWAY_UNAVAILABLE });
    assert.equal(JSON.parse(errors.text).problem, GATEWAY_UNAVAILABLE);
  });

  it('sends only changed errors', () => {
    const { picture, errors } = openFeed();
    const received: string[] = [];
    errors.follow((text) => received.push(text));
    picture.change({});
    picture.setErrors('A');
    picture.setErrors('A');
    assert.equal(received.length, 1);
  });
});

describe('the topic', () => {
  it('is written when errors change and every 30 s, the newest after one that takes long', async () => {
    const { picture, errors } = openFeed();
    const clock = new SimulatedClock();
    const written: string[] = [];
    let finish: (() => void) | undefined;
    const put = (text: string): Promise<void> => {
      written.push(JSON.parse(text).errors[0]?.errorType ?? 'none');
      return new Promise((resolve) => {
        finish = resolve;
      });
    };
    const feed = topicFeed({ errors, clock, put });
    for (const error of ['A', 'B', 'C']) picture.setErrors(error);
    finish?.();
    await clock.advanceAsync(1);
    finish?.();
    await clock.advanceAsync(31_000, 1000);
    assert.deepEqual(written, ['none', 'C', 'C']);
    feed.stop();
  });

  it('reports why it is not written, and is tried again', async () => {
    const { errors } = openFeed();
    const clock = new SimulatedClock();
    let isThere = false;
    const put = async (): Promise<void> => {
      if (!isThere) throw new Error('there is no such topic');
    };
    const feed = topicFeed({ errors, clock, put });
    await clock.advanceAsync(1);
    assert.equal(feed.problem, 'there is no such topic');
    isThere = true;
    await clock.advanceAsync(31_000, 1000);
    assert.equal(feed.problem, undefined);
    feed.stop();
    assert.equal(clock.timers, 0);
  });
});
