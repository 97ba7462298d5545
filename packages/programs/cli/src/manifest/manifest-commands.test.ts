import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryFiles } from '@medkit/edges/testing';
import { draftManifest, loadManifest } from '@medkit/manifest';
import { gatewayOf } from '../testing/gateway-of.ts';
import { checkJson, checkLines } from './check-lines.ts';
import { draftSource } from './draft-source.ts';

function load(text: string) {
  const files = new MemoryFiles({ '/robot.yaml': text });
  return loadManifest({ files, paths: { manifest: '/robot.yaml', fragmentsFolder: '', inventory: '' }, strict: true });
}

describe('medkit manifest check', () => {
  it('prints every finding with rule and place, and the verdict last', async () => {
    const loaded = await load('manifest_version: "1.0"\napps:\n  - id: a\n    is_located_on: ecu\n');
    assert.deepEqual(checkLines(loaded), [
      '[R007] ERROR: a: there is no component "ecu" (at /robot.yaml:4)',
      '1 errors, 0 warnings. A gateway rejects it.',
    ]);
    assert.deepEqual(JSON.parse(checkJson('robot.yaml', loaded)), {
      file: 'robot.yaml',
      valid: false,
      findings: [
        { rule: 'R007', level: 'error', file: '/robot.yaml', line: 4, message: 'a: there is no component "ecu"' },
      ],
    });
  });

  it('prints the content of a valid manifest', async () => {
    const loaded = await load('manifest_version: "1.0"\napps: [{id: a}]\n');
    assert.deepEqual(checkLines(loaded), [
      '0 errors, 0 warnings. A gateway accepts it: 0 areas, 0 components, 1 apps, 0 functions, 0 scripts.',
    ]);
    assert.equal(JSON.parse(checkJson('robot.yaml', loaded)).counts.apps, 1);
  });
});

const entity = (id: string, more: object = {}) => ({ id, name: id, ...more });

const ROBOT: Readonly<Record<string, unknown>> = {
  '/areas': { items: [entity('site')] },
  '/areas/site/subareas': { items: [entity('hall', { name: 'Hall 3: "east"' })] },
  '/areas/hall/subareas': { items: [] },
  '/areas/site/components': { items: [] },
  '/areas/hall/components': { items: [entity('arm')] },
  '/components': { items: [entity('arm'), entity('host', { description: 'Debian: 12' })] },
  '/components/arm/subcomponents': { items: [entity('gripper', { 'x-medkit': { external: true } })] },
  '/components/gripper/subcomponents': { items: [] },
  '/components/host/subcomponents': { items: [] },
  '/apps': {
    items: [
      entity('lidar', { 'x-medkit': { component_id: 'host', ros2: { node: '/sensors/front/lidar' } } }),
      entity('42', { name: 'true', 'x-medkit': { ros2: { node: '/42' } } }),
      entity('watchdog', { 'x-medkit': { component_id: 'host', external: true } }),
      entity('plc', { 'x-medkit': { external: true, ros2: { node: '/plc' } } }),
    ],
  },
  '/functions': { items: [entity('root')] },
  '/functions/root': entity('root', { 'x-medkit': { hosts: ['lidar', '42'] } }),
};

describe('medkit manifest draft', () => {
  it('writes a manifest of the running system that passes its check without a finding', async () => {
    const loaded = await load(draftManifest(await draftSource(gatewayOf(ROBOT))));
    assert.deepEqual(loaded.findings, []);
    const { areas, components, apps, functions } = loaded.manifest!.entities;
    assert.deepEqual(
      areas.map(({ id, name, parentAreaId }) => [id, name, parentAreaId]),
      [
        ['site', 'site', undefined],
        ['hall', 'Hall 3: "east"', 'site'],
      ],
    );
    assert.deepEqual(
      components.map(({ id, areaId, parentComponentId, description }) => [id, areaId, parentComponentId, description]),
      [
        ['arm', 'hall', undefined, undefined],
        ['gripper', undefined, 'arm', undefined],
        ['host', undefined, undefined, 'Debian: 12'],
      ],
    );
    assert.deepEqual(
      apps.map(({ id, name, componentId, binding }) => [id, name, componentId, binding]),
      [
        ['lidar', 'lidar', 'host', { namespace: '/sensors/front', nodeName: 'lidar' }],
        ['42', 'true', undefined, { namespace: '/', nodeName: '42' }],
        ['watchdog', 'watchdog', 'host', undefined],
        ['plc', 'plc', undefined, undefined],
      ],
    );
    const external = [...components, ...apps].filter((entity) => entity.external).map(({ id }) => id);
    assert.deepEqual(external, ['gripper', 'watchdog', 'plc'], 'no node is looked for that would never come');
    assert.deepEqual(functions[0]?.hosts, ['lidar', '42']);
  });
});
