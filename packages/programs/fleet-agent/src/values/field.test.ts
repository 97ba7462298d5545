import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fieldOf, NoSuchValue, valueIn } from './field.ts';
import type { FromData, MemberName } from './value-map.ts';

const from = (changes: Partial<FromData> = {}): FromData => ({
  kind: 'data',
  at: 'f:1',
  source: { entity: { kind: 'app', id: 'base' }, dataId: 'state', at: 'f:1' },
  path: 'v',
  isQuaternion: false,
  scale: 1,
  maxAgeMs: 5000,
  ...changes,
});
const read = (name: MemberName, v: unknown, changes?: Partial<FromData>) => valueIn({ v }, name, from(changes));
const problemOf = (name: MemberName, v: unknown, changes?: Partial<FromData>): string => {
  try {
    return String(read(name, v, changes));
  } catch (error) {
    assert.ok(error instanceof NoSuchValue);
    return error.message;
  }
};
const close = (a: unknown, b: number) => assert.ok(Math.abs(Number(a) - b) < 1e-9, `${a} is not ${b}`);

describe('a field of a message', () => {
  it('is found by names and indices, and never in the prototype of an object', () => {
    const message = { a: [{ b: 1 }] };
    assert.equal(fieldOf(message, 'a.0.b'), 1);
    assert.equal(fieldOf(message, ''), message);
    for (const path of ['a.1.b', 'a.b', 'constructor', '__proto__', 'a.0.b.c'])
      assert.equal(fieldOf(message, path), undefined);
  });

  it('is a number in the unit of the state, also one with too many digits', () => {
    assert.equal(read('battery.charge', 0.5, { scale: 100 }), 50);
    assert.equal(read('battery.charge', 2n ** 60n), 2 ** 60);
  });

  it('is an angle from -π to π, of itself or of an orientation', () => {
    close(read('position.theta', 270, { scale: Math.PI / 180 }), -Math.PI / 2);
    const half = Math.SQRT1_2;
    close(read('position.theta', { x: 0, y: 0, z: half, w: half }, { isQuaternion: true }), Math.PI / 2);
    close(read('position.theta', { x: 0, y: 0, z: -half, w: half }, { isQuaternion: true }), -Math.PI / 2);
    close(read('position.theta', { x: 1, y: 0, z: 0, w: 0 }, { isQuaternion: true }), 0);
  });

  it('is mapped by the words of the file', () => {
    const translated = { words: { 1: true }, otherwise: false };
    assert.deepEqual([read('battery.charging', 1, translated), read('battery.charging', 7, translated)], [true, false]);
    assert.equal(read('emergency_stop', true, { words: { true: 'MANUAL', false: 'NONE' } }), 'MANUAL');
    assert.equal(read('field_violation', true), true);
    assert.equal(read('position.map', 'hall'), 'hall');
    assert.equal(read('operating_mode', 'AUTOMATIC'), 'AUTOMATIC');
  });

  it('is missing if its type is wrong, with the reason', () => {
    assert.equal(problemOf('battery.charge', '.nan'), 'v is ".nan", which is not a number');
    assert.equal(problemOf('battery.charge', Number.POSITIVE_INFINITY), 'v is "Infinity", which is not a number');
    assert.equal(problemOf('battery.charge', {}), 'v is an object, which is not a number');
    assert.equal(problemOf('battery.charging', 1), 'v is "1", which is not true or false; see words');
    assert.match(problemOf('emergency_stop', 'PRESSED'), /not an allowed word/);
    assert.match(problemOf('battery.charging', 'constructor', { words: { a: true } }), /not true or false/);
    assert.equal(problemOf('position.map', ''), 'v is "", which is not a text');
    assert.equal(problemOf('battery.charge', 1, { path: 'w' }), 'it has no field w');
    assert.match(problemOf('position.theta', { x: 0, y: 0, z: 0 }, { isQuaternion: true }), /no x, y, z and w/);
  });
});
