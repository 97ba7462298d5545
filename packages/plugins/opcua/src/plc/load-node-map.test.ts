import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OptionReader } from '@medkit/plugin';
import { readPlcOptions } from '../options/plc-options.ts';
import { loadNodeMap } from './load-node-map.ts';

const load = (text: string | undefined, options: Readonly<Record<string, unknown>> = {}) => {
  const plcOptions = readPlcOptions('', new OptionReader({ node_map_path: '/map.yaml', ...options }, 'the test'));
  return loadNodeMap({ readText: async () => text }, plcOptions);
};

test('a number that is writable without a range stays writable, with a warning', async () => {
  const { map, warnings } = await load(`
nodes:
  - {node_id: "ns=2;i=1", entity_id: pump, data_name: speed, data_type: float, writable: true}
  - {node_id: "ns=2;i=2", entity_id: pump, data_name: mode, data_type: int, writable: true, min_value: 0, max_value: 3}
  - {node_id: "ns=2;i=3", entity_id: pump, data_name: on, data_type: bool, writable: true}
`);
  assert.deepEqual(
    map.nodes.map(({ writable }) => writable),
    [true, true, true],
  );
  assert.deepEqual(warnings, [
    'pump speed is writable without min_value and max_value: every number that the PLC accepts can be written',
  ]);
});

test('options for browsing and alarms take precedence over the map', async () => {
  const text = 'auto_browse: {max_depth: 3}\nauto_alarms: true\n';
  const asMapped = await load(text);
  assert.deepEqual([asMapped.map.autoBrowse?.maxDepth, asMapped.map.autoAlarms?.source], [3, 'i=2253']);
  const otherwise = await load(text, { auto_browse: false, auto_alarms: { auto_clear: false } });
  assert.deepEqual([otherwise.map.autoBrowse, otherwise.map.autoAlarms?.autoClear], [undefined, false]);
});
