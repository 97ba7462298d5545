import assert from 'node:assert/strict';
import { test } from 'node:test';
import { app, entityLists, functionEntity } from '@medkit/core/testing';
import { withLegacyNames } from './legacy-names.ts';
import { validateHealth } from './plugin-health.ts';
import { validateContribution } from './validate-contribution.ts';

test('a valid contribution is accepted, and an invalid one is refused with the name of the field', () => {
  const contribution = {
    entities: { apps: [app('pump')] },
    additions: { functions: [functionEntity('fill', ['pump'])] },
  };
  assert.deepEqual(validateContribution(contribution).entities?.apps, contribution.entities.apps);
  const { online: _, ...offline } = app('pump');
  const cases: readonly (readonly [unknown, RegExp])[] = [
    [undefined, /returned no contribution/],
    [{ entities: { apps: 7 } }, /entities\.apps is not a list/],
    [{ entities: { apps: [null] } }, /a value that is not an entity/],
    [{ entities: { apps: [offline] } }, /"pump" has no switch for its online/],
    [{ entities: { apps: [app('pump', { tags: 'a' as never })] } }, /has no texts for its tags/],
    [{ entities: { apps: [app('pump', { binding: [] as never })] } }, /has no object for its binding/],
    [{ entities: { apps: [{ ...app('pump'), colour: 'red' }] } }, /unknown field colour/],
    [{ entities: { apps: [{ ...app('pump'), constructor: 'red' }] } }, /unknown field constructor/],
    [{ entities: { components: [app('pump')] } }, /is of kind app|field online/],
    [
      { additions: { functions: [{ ...functionEntity('f', []), hosts: [7] }] } },
      /additions\.functions "f" has no texts/,
    ],
    [{ entities: { apps: Array.from({ length: 20_001 }, (_, n) => app(`a${n}`)) } }, /more than 20000 entities/],
  ];
  for (const [wrong, message] of cases) assert.throws(() => validateContribution(wrong), message);
});

test('a plugin that uses the former names of fields can contribute and read them as before', () => {
  const former = {
    ...app('lidar'),
    fqn: '/front/lidar',
    rosBinding: { namespace: '/front', topicNamespace: '/front/scan' },
  };
  const validated = () => validateContribution({ entities: { apps: [former] } }).entities?.apps?.[0];
  const present = {
    ...app('lidar'),
    node: '/front/lidar',
    binding: { namespace: '/front', channelNamespace: '/front/scan' },
  };
  assert.deepEqual(validated(), present);
  assert.equal(validated(), validated());
  const [lidar, camera] = withLegacyNames(entityLists({ apps: [present, app('camera')] })).apps;
  assert.deepEqual(lidar, { ...present, fqn: former.fqn, rosBinding: former.rosBinding });
  assert.deepEqual(camera, app('camera'));
  const warning = { code: 'lost', message: 'm' };
  assert.deepEqual(validateHealth({ warnings: [{ ...warning, nodeFqns: ['/lidar'] }, warning] }).warnings, [
    { ...warning, nodes: ['/lidar'] },
    warning,
  ]);
});
