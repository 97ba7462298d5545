import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MappedEntity } from '../entities/mapped-entity.ts';
import type { Plc } from '../plc/plc.ts';
import { entityOf, nodeOf } from './entity-lookup.ts';

const plc = (id: string, apps: readonly string[]): Plc =>
  ({
    component: { id, name: id },
    entities: new Map(apps.map((app) => [app, { id: app, nodes: new Map() } as unknown as MappedEntity])),
  }) as unknown as Plc;

test('an app is found at its PLC, and an entity without a PLC nowhere', () => {
  const plcs = [plc('north', ['tank']), plc('south', ['pump'])];
  assert.equal(entityOf(plcs, 'pump')?.plc.component.id, 'south');
  assert.equal(entityOf(plcs, 'valve'), undefined);
  assert.throws(() => nodeOf(plcs, 'pump', 'speed'), { status: 404 });
});

test('an app that two PLCs have is refused, so that a request for one cannot reach the other', () => {
  const plcs = [plc('north', ['tank']), plc('south', ['tank'])];
  assert.throws(() => entityOf(plcs, 'tank'), { code: 'precondition-not-fulfilled', message: /north, south/ });
});
