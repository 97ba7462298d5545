import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secondsToFill, stepTank, TANK_AT_START, TANK_HEIGHT_MM, type Tank, type TankCommands } from './tank.ts';
import { alarmsOf, PRESSURE_LIMITS } from './tank-alarms.ts';
import { NO_FAULTS, type TankFaults } from './tank-faults.ts';

const COMMANDS: TankCommands = { pumpOn: true, pumpSetpointPercent: 50, valveSetpointPercent: 0 };

function after(seconds: number, commands: Partial<TankCommands> = {}, faults: Partial<TankFaults> = {}): Tank {
  let tank = TANK_AT_START;
  for (let step = 0; step < seconds * 10; step += 1) {
    tank = stepTank(tank, { ...COMMANDS, ...commands }, { ...NO_FAULTS, ...faults }, 0.1);
  }
  return tank;
}

test('a pump fills the tank at about its rate, and never above its edge', () => {
  const seconds = secondsToFill(TANK_AT_START, COMMANDS, 700);
  const { levelMm } = after(seconds);
  assert.ok(levelMm > 690 && levelMm <= 700, `${levelMm} mm after ${seconds} s`);
  assert.equal(secondsToFill(TANK_AT_START, { ...COMMANDS, pumpSetpointPercent: 0 }, 700), Number.POSITIVE_INFINITY);
  assert.equal(after(2000).levelMm, TANK_HEIGHT_MM);
});

test('an open valve and a leak empty it, and never below its ground', () => {
  const closed = after(60, { pumpOn: false });
  assert.equal(closed.levelMm, TANK_AT_START.levelMm);
  assert.ok(after(60, { pumpOn: false, valveSetpointPercent: 100 }).levelMm < closed.levelMm);
  assert.ok(after(60, { pumpOn: false }, { leak: true }).levelMm < closed.levelMm);
  assert.equal(after(2000, { pumpOn: false, valveSetpointPercent: 100 }).levelMm, 0);
});

test('a pump whose motor or drive has tripped stops, and a dirty filter halves its rate', () => {
  assert.ok(after(10).pumpPercent > 0);
  assert.equal(after(10, {}, { pumpOverload: true }).pumpPercent, 0);
  assert.equal(after(10, {}, { vfdFault: 11 }).pumpPercent, 0);
  assert.equal(after(10, {}, { filterDirty: true }).inflowLpm, after(10).inflowLpm / 2);
});

test('a blocked tank has more pressure than its limits allow, with the pump and without it', () => {
  for (const pumpOn of [true, false]) {
    const { pressureBar } = after(15, { pumpOn }, { overpressure: true });
    assert.ok(pressureBar > PRESSURE_LIMITS.highHigh, `${pressureBar} bar`);
  }
  assert.ok(after(60, { pumpSetpointPercent: 100 }).pressureBar < PRESSURE_LIMITS.high);
});

test('an alarm ends a bit below its limit, so that a value that fluctuates there raises one alarm', () => {
  const at = (pressureBar: number, before = new Map()) =>
    alarmsOf({ ...TANK_AT_START, pressureBar }, NO_FAULTS, before);
  const limit = (alarms: ReturnType<typeof alarmsOf>) => alarms.get('Overpressure')?.limit;
  const active = at(5.01);
  assert.equal(limit(active), 'HighHigh');
  assert.equal(limit(at(4.99, new Map(active))), 'HighHigh');
  assert.equal(limit(at(4.7, new Map(active))), 'High');
  assert.equal(limit(at(4.99)), 'High');
  assert.equal(limit(at(3)), undefined);
});

test('levels have alarms below and above, the more severe one if two limits are exceeded', () => {
  const at = (levelMm: number) => alarmsOf({ ...TANK_AT_START, levelMm }, NO_FAULTS, new Map()).get('Level');
  assert.deepEqual(
    [10, 90, 500, 950, 980].map((mm) => at(mm)?.limit),
    ['LowLow', 'Low', undefined, 'High', 'HighHigh'],
  );
});
