import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { RunningTank } from './running-tank.ts';
import { isScenarioOn, PLC_SCENARIO_NAMES } from './tank-faults.ts';
import { TANK_VALUES } from './tank-values.ts';

function open() {
  const clock = new SimulatedClock();
  const tank = new RunningTank({ clock, onCycle: () => undefined });
  tank.start();
  return { clock, tank };
}

test('filling ends at its target, with the pump off', () => {
  const { clock, tank } = open();
  const seconds = tank.fill(700);
  clock.advance(seconds * 1000 - 2000);
  assert.ok(tank.commands.pumpOn);
  clock.advance(6000);
  assert.equal(tank.commands.pumpOn, false);
  assert.ok(tank.tank.levelMm >= 700 && tank.tank.levelMm < 705, `${tank.tank.levelMm} mm`);
  assert.throws(() => tank.fill(7000), RangeError);
  assert.throws(() => tank.fill(Number.NaN), RangeError);
});

test('the station takes its release back while the pressure is too high, and gives it again', () => {
  const { clock, tank } = open();
  tank.setScenario('overpressure', true);
  clock.advance(100);
  assert.ok(tank.isReleased);
  clock.advance(10_000);
  assert.equal(tank.isReleased, false);
  tank.setScenario('overpressure', false);
  clock.advance(10_000);
  assert.ok(tank.isReleased);
});

test('every scenario is on while it is injected, and no other one with it', () => {
  for (const name of PLC_SCENARIO_NAMES) {
    const { tank } = open();
    tank.setScenario(name, true);
    assert.deepEqual(
      PLC_SCENARIO_NAMES.filter((each) => isScenarioOn(tank.faults, each)),
      [name],
    );
    tank.setScenario(name, false);
    assert.ok(!isScenarioOn(tank.faults, name));
  }
});

test('a reset ends tripped states, and no damage', () => {
  const { tank } = open();
  for (const name of PLC_SCENARIO_NAMES) tank.setScenario(name, true);
  tank.reset();
  const stillOn = PLC_SCENARIO_NAMES.filter((name) => isScenarioOn(tank.faults, name));
  assert.deepEqual(stillOn, ['overpressure', 'leak', 'sensor-broken', 'filter-dirty']);
});

test('every value has a different name, and every type of the list is among them', () => {
  const names = TANK_VALUES.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  const types = ['Boolean', 'Int16', 'UInt16', 'Int32', 'Int64', 'UInt64', 'Float', 'Double', 'String', 'DateTime'];
  assert.deepEqual(
    types.filter((type) => !TANK_VALUES.some((value) => value.type === type)),
    [],
  );
});
