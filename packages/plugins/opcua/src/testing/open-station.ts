import { type RunOptions, runPlugin } from '@medkit/plugin/testing';
import { opcuaPlugin } from '../opcua-plugin.ts';
import { MemoryPlc } from './memory-plc.ts';

const MAP = `
area_id: plant
area_name: Plant
component_id: station
component_name: Filling station
nodes:
  - {node_id: "ns=2;s=Level", entity_id: tank, data_name: level, display_name: Level, unit: mm, data_type: float,
     alarm: {fault_code: LOW_LEVEL, severity: WARNING, message: The tank runs low, threshold: 100, above_threshold: false}}
  - {node_id: "ns=2;s=Speed", entity_id: pump, data_name: speed, display_name: Speed, unit: "%", data_type: float,
     writable: true, min_value: 0, max_value: 100}
  - {node_id: "ns=2;s=Count", entity_id: pump, data_name: count, data_type: int}
event_alarms:
  - {alarm_source: "ns=2;s=Tank", entity_id: tank, fault_code: OVERPRESSURE, message: Overpressure}
methods:
  - {object_id: "ns=2;s=Tank", method_id: "ns=2;s=Tank.Fill", entity_id: tank}
`;

const MAP_FILE = '/etc/station.yaml';

/** Opens the plugin with one PLC in memory, with its default node map or another one. */
export async function openStation(
  options: Readonly<Record<string, unknown>> = {},
  run: Partial<RunOptions> = {},
  map = MAP,
) {
  const plcs: MemoryPlc[] = [];
  const stored = new Map<string, string>();
  const plugin = opcuaPlugin({
    openLink: ({ clock }) => {
      const plc = new MemoryPlc(clock);
      plc.set('ns=2;s=Level', 500);
      plc.add('ns=2;s=Speed', { value: 40, isWritable: true });
      plc.set('ns=2;s=Count', 9007199254740993n);
      plc.add('ns=2;s=Tank', { kind: 'object' });
      plc.add('ns=2;s=Tank.Fill', {
        kind: 'method',
        parent: 'ns=2;s=Tank',
        input: [{ name: 'target', type: 'Double', description: 'Level, mm' }],
        output: [{ name: 'seconds', type: 'Double', description: '' }],
        answer: () => [12],
      });
      plcs.push(plc);
      return plc;
    },
    files: {
      readText: async (path) => (path === MAP_FILE ? map : stored.get(path)),
      replaceText: async (path, text) => void stored.set(path, text),
    },
    environment: {},
  });
  const allOptions = { endpoint_url: 'opc.tcp://plc.test:4840', node_map_path: MAP_FILE, ...options };
  const opened = await runPlugin(plugin, { ...run, options: allOptions });
  await opened.advance(1500);
  return { run: opened, plc: plcs[0] as MemoryPlc, plcs };
}
