import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { topic } from '../testing/graph-fixtures.ts';
import { Orphan, type OrphanOptions } from './orphan.ts';

interface Sides {
  readonly published?: readonly string[];
  readonly wanted?: readonly string[];
  readonly both?: readonly string[];
  readonly wantedType?: string;
}

function detectorOf(options: Partial<OrphanOptions>, { published = [], wanted = [], both = [], wantedType }: Sides) {
  const detector = new Orphan({ grace: 10, maxEditDistance: 1, namespaceEditDistance: 0, allowlist: [], ...options });
  for (const name of published) detector.update(topic(name, { offers: [{}] }));
  for (const name of wanted) detector.update(topic(name, { requests: [{}], ...(wantedType && { type: wantedType }) }));
  for (const name of both) detector.update(topic(name, { offers: [{}], requests: [{}] }));
  return detector;
}

const keys = (options: Partial<OrphanOptions>, sides: Sides): readonly string[] =>
  detectorOf(options, sides)
    .findings()
    .map(({ key }) => key);

describe('topics that a remap disconnected', () => {
  it('W02: a publisher and a subscription of almost the same name are one finding that names both', () => {
    const [near, ...more] = detectorOf({}, { published: ['/scam'], wanted: ['/scan', '/map'] }).findings();
    assert.deepEqual(more, []);
    assert.equal(near?.key, '/scam /scan');
    assert.equal(
      near?.detail,
      'no node subscribes to /scam of /publisher_1, and no node publishes /scan for /subscription_1',
    );
    assert.equal(near?.node, '/subscription_1');
    // Two swapped letters are two edits.
    assert.deepEqual(keys({}, { published: ['/scna'], wanted: ['/scan'] }), []);
  });

  it('W02: both have to be one-sided, and of opposite sides', () => {
    assert.deepEqual(keys({}, { published: ['/scam'], both: ['/scan'] }), []);
    assert.deepEqual(keys({}, { published: ['/scam', '/scan'] }), []);
  });

  it('W02: topics of different types do not match', () => {
    assert.deepEqual(keys({}, { published: ['/scam'], wanted: ['/scan'], wantedType: 'std_msgs/msg/Bool' }), []);
  });

  it('W02: names that differ in numbers alone are a series, an added number is a slip', () => {
    assert.deepEqual(keys({}, { published: ['/lidar_1'], wanted: ['/lidar_2'] }), []);
    assert.deepEqual(keys({ maxEditDistance: 2 }, { published: ['/lidar_9'], wanted: ['/lidar_10'] }), []);
    assert.deepEqual(keys({}, { published: ['/scan1'], wanted: ['/scan'] }), ['/scan1 /scan']);
  });

  it('W02: namespaces have a separate budget, which does not widen that of the name', () => {
    const other = { published: ['/robott/scan'], wanted: ['/robot/scan'] };
    assert.deepEqual(keys({}, other), []);
    assert.deepEqual(keys({ namespaceEditDistance: 1 }, other), ['/robott/scan /robot/scan']);
    const swapped = { published: ['/robto/scan'], wanted: ['/robot/scan'] };
    assert.deepEqual(keys({ namespaceEditDistance: 1 }, swapped), []);
    assert.deepEqual(keys({ namespaceEditDistance: 2 }, swapped), ['/robto/scan /robot/scan']);
    assert.deepEqual(keys({ namespaceEditDistance: 8 }, { published: ['/a/scaam'], wanted: ['/a/scan'] }), []);
  });

  it('W02: system topics are ignored by their whole names', () => {
    assert.deepEqual(keys({}, { published: ['/rosout'], wanted: ['/rosou'] }), []);
    assert.deepEqual(keys({}, { published: ['/parameter_event'], wanted: ['/parameter_events'] }), []);
    assert.deepEqual(keys({}, { published: ['/a/rosout'], wanted: ['/a/rosou'] }), ['/a/rosout /a/rosou']);
  });

  it('W02: a pair with an allowed topic is ignored', () => {
    assert.deepEqual(keys({ allowlist: ['/sca?'] }, { published: ['/scam'], wanted: ['/scan'] }), []);
  });

  it('ends when either topic finds its other side, or is removed', () => {
    for (const mended of [
      topic('/scan', { offers: [{}], requests: [{}] }),
      topic('/scam', { offers: [{}], requests: [{}] }),
      topic('/scan', {}),
    ]) {
      const detector = detectorOf({}, { published: ['/scam'], wanted: ['/scan'] });
      detector.update(mended);
      assert.deepEqual(detector.findings(), []);
    }
  });

  it('a topic may be similar to several', () => {
    const detector = detectorOf({}, { published: ['/scam', '/scar'], wanted: ['/scan'] });
    assert.equal(detector.findings().length, 2);
    detector.update(topic('/scar', {}));
    assert.deepEqual(
      detector.findings().map(({ key }) => key),
      ['/scam /scan'],
    );
  });
});
