import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { emptyHint } from '@medkit/beacon';
import type { Parameter, ParameterValue } from '@medkit/ros2';
import { hintNames, hintOf } from './hint-parameters.ts';

const PREFIX = 'ros2_medkit.discovery';

const text = (value: string): ParameterValue => ({ type: 'string', value });
const texts = (...value: string[]): ParameterValue => ({ type: 'string_array', value });
const int = (value: bigint): ParameterValue => ({ type: 'int', value });

function parameters(values: Readonly<Record<string, ParameterValue>>): readonly Parameter[] {
  return Object.entries(values).map(([name, value]) => ({ name: `${PREFIX}.${name}`, value }));
}

describe('3.3 parameters of a hint', () => {
  it('3.3: every field of a hint has one', () => {
    const values = {
      entity_id: text('lidar'),
      stable_id: text('front'),
      display_name: text('Front LiDAR'),
      component_id: text('perception'),
      transport_type: text('shared_memory'),
      negotiated_format: text('nitros'),
      process_name: text('lidar_node'),
      hostname: text('amr'),
      process_id: int(4711n),
      function_ids: texts('localization'),
      depends_on: texts('base', 'tf'),
      'metadata.firmware': text('2.4.1'),
      'metadata.site': text('hall 3'),
    };
    const hint = {
      entityId: 'lidar',
      stableId: 'front',
      displayName: 'Front LiDAR',
      componentId: 'perception',
      transportType: 'shared_memory',
      negotiatedFormat: 'nitros',
      processName: 'lidar_node',
      hostname: 'amr',
      processId: 4711,
      functionIds: ['localization'],
      dependsOn: ['base', 'tf'],
      metadata: { firmware: '2.4.1', site: 'hall 3' },
      receivedAtMs: 9,
    };
    assert.deepEqual(hintOf(parameters(values), PREFIX, 9), hint);
    assert.deepEqual(
      hintNames(
        Object.keys(values).map((name) => `${PREFIX}.${name}`),
        PREFIX,
      ).length,
      13,
    );
  });

  it('3.3 [edge]: values of wrong types are ignored', () => {
    const values = {
      entity_id: text('lidar'),
      display_name: int(3n),
      function_ids: text('localization'),
      depends_on: { type: 'not_set' } as const,
      process_id: text('4711'),
      'metadata.site': texts('hall'),
    };
    assert.deepEqual(hintOf(parameters(values), PREFIX, 9), emptyHint('lidar', 9));
  });

  it('3.3 [edge]: without an entity id, or with an empty one, there is no hint', () => {
    assert.equal(hintOf(parameters({ display_name: text('x') }), PREFIX, 9), undefined);
    assert.equal(hintOf(parameters({ entity_id: text('') }), PREFIX, 9), undefined);
    assert.equal(hintOf(parameters({ entity_id: int(1n) }), PREFIX, 9), undefined);
  });

  it('3.3 [edge]: only parameters of a hint are requested, in a bounded number', () => {
    const many = Array.from({ length: 1000 }, (_, at) => `${PREFIX}.metadata.key_${String(at).padStart(4, '0')}`);
    const names = hintNames(
      [...many.reverse(), `${PREFIX}.entity_id`, `${PREFIX}.surprise`, `${PREFIX}_other.hostname`, PREFIX, 'gain'],
      PREFIX,
    );
    assert.equal(names.length, 51);
    assert.deepEqual(names.slice(0, 2), [`${PREFIX}.entity_id`, `${PREFIX}.metadata.key_0000`]);
    assert.deepEqual(
      hintNames([`${PREFIX}.metadata.`, `${PREFIX}.metadata.a.b`, `${PREFIX}.metadata.a b`], PREFIX),
      [],
    );
  });
});
