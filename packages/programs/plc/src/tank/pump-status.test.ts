import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asInt16, pumpStatusWord } from './pump-status.ts';
import { TANK_AT_START } from './tank.ts';
import { NO_FAULTS } from './tank-faults.ts';

test('each bit of the status word stands for one state of the pump', () => {
  assert.equal(pumpStatusWord(TANK_AT_START, NO_FAULTS), 0b10);
  assert.equal(pumpStatusWord({ ...TANK_AT_START, pumpPercent: 20 }, NO_FAULTS), 0b11);
  assert.equal(pumpStatusWord(TANK_AT_START, { ...NO_FAULTS, filterDirty: true }), 0b1000_0010);
  assert.equal(pumpStatusWord({ ...TANK_AT_START, levelMm: 50 }, NO_FAULTS), 0b10_0000_0010);
  assert.equal(pumpStatusWord(TANK_AT_START, { ...NO_FAULTS, pumpOverload: true }), 0b1000_0000_0000_1010);
});

test('a status word with its highest bit set is negative in a signed type', () => {
  assert.deepEqual([0, 3, 0x7fff, 0x8000, 0xffff].map(asInt16), [0, 3, 32_767, -32_768, -1]);
});
