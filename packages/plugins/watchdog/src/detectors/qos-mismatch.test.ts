import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import type { QosProfile } from '@medkit/ros2';
import { SEVERITY } from '../findings/finding.ts';
import { topic } from '../testing/graph-fixtures.ts';
import { mismatches, QosMismatch } from './qos-mismatch.ts';

type Qos = Partial<QosProfile>;

const HUGE_MS = Number.MAX_SAFE_INTEGER;

/** Returns whether a subscription receives nothing from a publisher. */
const isApart = (offered: Qos, requested: Qos): boolean =>
  mismatches(topic('/scan', { offers: [offered], requests: [requested] })).length > 0;

describe('incompatible QoS', () => {
  const rows: readonly (readonly [string, Qos, Qos])[] = [
    ['reliability', { reliability: 'best_effort' }, { reliability: 'reliable' }],
    ['durability', { durability: 'volatile' }, { durability: 'transient_local' }],
    ['liveliness', { liveliness: 'automatic' }, { liveliness: 'manual_by_topic' }],
  ];
  for (const [policy, offered, requested] of rows) {
    it(`W01: a ${policy} below the requested one separates them, a higher one does not`, () => {
      assert.deepEqual([isApart(offered, requested), isApart(requested, offered)], [true, false]);
      const [finding] = mismatches(topic('/scan', { offers: [offered], requests: [requested] }));
      assert.equal(
        finding?.detail,
        `/scan: /subscription_1 receives nothing (incompatible with /publisher_1: ${policy})`,
      );
    });
  }

  for (const field of ['deadlineMs', 'livelinessLeaseMs'] as const) {
    it(`W01: ${field}: the offered value must not be longer than the requested one`, () => {
      assert.equal(isApart({ [field]: 100 }, { [field]: 100 }), false);
      assert.equal(isApart({ [field]: 99 }, { [field]: 100 }), false);
      assert.equal(isApart({ [field]: 101 }, { [field]: 100 }), true);
      assert.equal(isApart({ [field]: null }, { [field]: 100 }), true);
      assert.equal(isApart({ [field]: 0 }, { [field]: 100 }), true, 'an unspecified one fails any finite request');
      assert.equal(isApart({ [field]: HUGE_MS }, { [field]: HUGE_MS - 1 }), true);
      assert.equal(isApart({ [field]: HUGE_MS }, { [field]: HUGE_MS }), false);
      for (const requested of [0, null]) assert.equal(isApart({ [field]: 100 }, { [field]: requested }), false);
    });
  }

  it('W01: a subscription with some compatible publisher is a warning, one with none an error', () => {
    const offers = [{ reliability: 'best_effort' }, { reliability: 'reliable' }] as const;
    for (const order of [offers, offers.toReversed()]) {
      const [partial] = mismatches(topic('/scan', { offers: order, requests: [{ reliability: 'reliable' }] }));
      assert.equal(partial?.severity, SEVERITY.warn);
      assert.match(partial?.detail ?? '', /receives 1 of 2 publishers \(incompatible with .*: reliability/);
    }
    const [starved] = mismatches(topic('/scan', { offers: [offers[0], offers[0]], requests: [{}] }));
    assert.equal(starved?.severity, SEVERITY.error);
  });

  it('W01: without publishers, or without subscriptions, there is no mismatch', () => {
    assert.deepEqual(mismatches(topic('/scan', { requests: [{ reliability: 'reliable' }] })), []);
    assert.deepEqual(mismatches(topic('/scan', { offers: [{ reliability: 'best_effort' }] })), []);
  });

  it('W01: one finding for each node, in whatever order they appeared', () => {
    const random = seededRandom(3);
    const pick = <T>(...all: readonly T[]): T => all[Math.floor(random.float() * all.length)] as T;
    const qos = (): Qos => ({
      reliability: pick('reliable', 'best_effort'),
      durability: pick('volatile', 'transient_local'),
      deadlineMs: pick(null, 0, 10, 100),
    });
    for (let round = 0; round < 100; round++) {
      const ends = topic('/scan', {
        offers: Array.from({ length: 1 + Math.floor(random.float() * 4) }, qos),
        requests: Array.from({ length: 1 + Math.floor(random.float() * 4) }, qos),
      });
      const turned = {
        ...ends,
        publishers: new Map([...ends.publishers].reverse()),
        subscriptions: new Map([...ends.subscriptions].reverse()),
      };
      const summary = (found: ReturnType<typeof mismatches>) =>
        found.map(({ key, severity }) => `${key} ${severity}`).sort();
      assert.deepEqual(summary(mismatches(turned)), summary(mismatches(ends)));
    }
  });

  it('ends when the topic is corrected, and ignores allowed topics', () => {
    const detector = new QosMismatch({ grace: 3, allowlist: ['/debug/*'] });
    const broken = { offers: [{ reliability: 'best_effort' }], requests: [{}] } as const;
    detector.update(topic('/scan', broken));
    detector.update(topic('/debug/scan', broken));
    assert.deepEqual(
      detector.findings().map(({ key }) => key),
      ['/scan /subscription_1'],
    );
    detector.update(topic('/scan', { offers: [{}], requests: [{}] }));
    assert.deepEqual(detector.findings(), []);
  });

  it('compares profiles, not endpoints: fifty thousand on each side finish in time', () => {
    const many = Array.from({ length: 50_000 }, () => ({}));
    const ends = topic('/parameter_events', { offers: many, requests: many });
    assert.deepEqual(mismatches(ends), []);
  });
});
