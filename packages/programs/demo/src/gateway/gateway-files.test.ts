import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { demoConfigurationFile, PLUGINS_WITH_PLC, stationSettings } from './gateway-files.ts';

test('with a filling station the gateway has all default plugins and the OPC UA plugin', () => {
  const [, listed = ''] = /^plugins: \[(.*)\]$/m.exec(readFileSync(demoConfigurationFile, 'utf8')) ?? [];
  assert.deepEqual(PLUGINS_WITH_PLC, [...listed.split(', '), 'opcua']);
});

test('the settings of the OPC UA plugin are its address and existing files', () => {
  const { environment, set } = stationSettings('opc.tcp://127.0.0.1:4840');
  assert.ok(set.includes('plugins.opcua.endpoint_url=opc.tcp://127.0.0.1:4840'));
  const map = set.find((word) => word.startsWith('plugins.opcua.node_map_path='))?.split('=')[1] ?? '';
  assert.match(readFileSync(map, 'utf8'), /component_id: filling_station/);
  const fragment = `${environment.MEDKIT_DISCOVERY_MANIFEST_FRAGMENTS_DIR}/filling-station.yaml`;
  assert.match(readFileSync(fragment, 'utf8'), /hosted_by: \[bt_navigator, tank, pump\]/);
});
