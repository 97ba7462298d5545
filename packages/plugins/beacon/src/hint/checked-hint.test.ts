import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { type BeaconHint, emptyHint } from './beacon-hint.ts';
import { checkedHint } from './checked-hint.ts';

function checked(fields: Partial<BeaconHint>): BeaconHint {
  const result = checkedHint({ ...emptyHint('lidar', 5), ...fields });
  if ('problem' in result) assert.fail(result.problem);
  return result.hint;
}

function problemOf(entityId: string): string {
  const result = checkedHint(emptyHint(entityId, 0));
  return 'problem' in result ? result.problem : assert.fail('it was taken');
}

const octets = (text: string) => Buffer.byteLength(text);

describe('3.1 validation of a hint', () => {
  it('3.1: a hint with every field passes unchanged', () => {
    const hint: BeaconHint = {
      entityId: 'lidar_driver',
      stableId: 'lidar-front',
      displayName: 'Front LiDAR',
      functionIds: ['localization'],
      dependsOn: ['base'],
      componentId: 'perception',
      transportType: 'shared_memory',
      negotiatedFormat: 'nitros_image_bgr8',
      processId: 2 ** 32 - 1,
      processName: 'lidar_node',
      hostname: 'robot-1',
      metadata: { firmware: '2.4.1' },
      receivedAtMs: 17,
    };
    assert.deepEqual(checkedHint(hint), { hint });
  });

  it('3.1: a hint with an invalid entity id is refused with a reason', () => {
    assert.match(problemOf(''), /empty/);
    assert.match(problemOf('a'.repeat(257)), /257 characters/);
    assert.match(problemOf('lidar/front'), /'\/'/);
    assert.match(problemOf('li\0dar'), /0x00/);
    assert.ok('hint' in checkedHint(emptyHint('a'.repeat(256), 0)));
  });

  it('3.1: an invalid stable id or component id is emptied, and the hint is accepted', () => {
    const hint = checked({ stableId: 'not an id', componentId: 'a\0b' });
    assert.deepEqual([hint.entityId, hint.stableId, hint.componentId], ['lidar', '', '']);
  });

  it('3.1: texts are cut to 512 bytes, ids of functions and dependencies to 100', () => {
    const long = 'x'.repeat(600);
    const ids = Array.from({ length: 150 }, (_, at) => `id_${at}`);
    const hint = checked({
      displayName: long,
      processName: long,
      hostname: long,
      transportType: long,
      negotiatedFormat: long,
      functionIds: ids,
      dependsOn: ids,
    });
    for (const text of [hint.displayName, hint.processName, hint.hostname, hint.transportType, hint.negotiatedFormat]) {
      assert.equal(text.length, 512);
    }
    assert.deepEqual([hint.functionIds, hint.dependsOn], [ids.slice(0, 100), ids.slice(0, 100)]);
  });

  it('3.1 [weak]: invalid ids are removed before the list is cut, and a repeated id counts once', () => {
    const bad = Array.from({ length: 150 }, (_, at) => `bad ${at}`);
    assert.deepEqual(checked({ functionIds: [...bad, 'a', 'a', 'b', ''] }).functionIds, ['a', 'b']);
    assert.deepEqual(checked({ dependsOn: [...bad, 'a', 'a', 'b'] }).dependsOn, ['a', 'b']);
  });

  it('3.1 [weak]: no character is cut in two', () => {
    for (const sign of ['ß', '€', '𝄞']) {
      const text = checked({ displayName: `x${sign.repeat(600)}` }).displayName;
      assert.ok(text.isWellFormed() && octets(text) <= 512 && octets(text) > 512 - octets(sign), sign);
      assert.match(text, new RegExp(`^x(${sign})+$`, 'u'));
    }
  });

  it('3.1 [weak]: invalid metadata is removed before the rest is cut, and the same entries remain in any order', () => {
    const good = Array.from({ length: 60 }, (_, at) => [`key_${String(at).padStart(2, '0')}`, 'value'] as const);
    const bad = Array.from({ length: 60 }, (_, at) => [`bad key ${at}`, 'value'] as const);
    const hint = checked({ metadata: Object.fromEntries([...bad, ...good]) });
    assert.deepEqual(Object.entries(hint.metadata), good.slice(0, 50));
    assert.deepEqual(checked({ metadata: Object.fromEntries([...good, ...bad].reverse()) }), hint);
  });

  it('3.1: keys of metadata have 64 characters at most, values 1024 bytes', () => {
    const metadata = { ['k'.repeat(64)]: 'v'.repeat(2000), ['k'.repeat(65)]: 'gone', '': 'gone', __proto__x: 'ok' };
    assert.deepEqual(checked({ metadata }).metadata, { ['k'.repeat(64)]: 'v'.repeat(1024), __proto__x: 'ok' });
    const hostile = JSON.parse('{"__proto__": "plain", "constructor": "data"}');
    assert.deepEqual(Object.entries(checked({ metadata: hostile }).metadata), Object.entries(hostile));
  });

  it('3.1: an invalid process id is dropped', () => {
    for (const processId of [-1, 2 ** 32, 1.5, Number.NaN]) assert.equal(checked({ processId }).processId, 0);
  });

  it('3.1: a checked hint is not changed by a second check, whatever it was', () => {
    const random = seededRandom(3);
    const pick = <T>(values: readonly T[]): T => values[Math.floor(random.float() * values.length)] as T;
    const text = () => pick(['', 'ok', 'ü𝄞', '\0', 'a b', '€']).repeat(Math.floor(random.float() * 1500));
    const texts = () => Array.from({ length: Math.floor(random.float() * 130) }, text);
    for (let round = 0; round < 100; round++) {
      const hint = checked({
        stableId: text(),
        displayName: text(),
        hostname: text(),
        functionIds: texts(),
        dependsOn: texts(),
        metadata: Object.fromEntries(texts().map((key, at) => [`${key.slice(0, 70)}${at}`, text()])),
      });
      assert.deepEqual(checkedHint(hint), { hint }, `round ${round}`);
    }
  });
});
