import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lonePlc } from '../testing/lone-plc.ts';
import type { MemoryPlc } from '../testing/memory-plc.ts';
import { memoryNamespaceStore } from './namespace-store.ts';

const UA = 'http://opcfoundation.org/UA/';
const PLC_URI = 'urn:test:plc';
const [MIXER, OVEN] = ['urn:test:mixer', 'urn:test:oven'];

const MAP = `
nodes:
  - {node_id: "ns=2;s=Speed", entity_id: mixer, data_name: speed, writable: true, min_value: 0, max_value: 100}
  - {node_id: "ns=3;s=Speed", entity_id: oven, data_name: fan}
event_alarms:
  - {alarm_source: "ns=2;s=Mixer", entity_id: mixer, associated_values: [{namespace_index: 2, name: Load}],
     mappings: [{source_node: "ns=2;s=Mixer", fault_code: JAM}]}
methods:
  - {object_id: "ns=2;s=Mixer", method_id: "ns=2;s=Stop", entity_id: mixer}
`;

/** Sets the nodes of both programs, with these namespaces. */
function programs(server: MemoryPlc, namespaces: readonly string[] | undefined): void {
  server.nodes.clear();
  server.namespaces = namespaces;
  const [mixer, oven] = [MIXER, OVEN].map((uri) => namespaces?.indexOf(uri));
  if (mixer !== -1) {
    server.add(`ns=${mixer};s=Speed`, { value: 40, isWritable: true });
    server.add(`ns=${mixer};s=Mixer`, { kind: 'object' });
    server.add(`ns=${mixer};s=Stop`, { kind: 'method', parent: `ns=${mixer};s=Mixer` });
  }
  if (oven !== -1) server.add(`ns=${oven};s=Speed`, { value: 7, isWritable: true });
}

const opened = (map: string, namespaces: readonly string[] | undefined, namespaceStore = memoryNamespaceStore()) =>
  lonePlc({ map, namespaceStore, prepare: (server) => programs(server, namespaces) });

/** Restarts the server with other namespaces. */
async function restart({ server, clock }: ReturnType<typeof lonePlc>, namespaces: readonly string[] | undefined) {
  server.lose();
  programs(server, namespaces);
  server.comeBack();
  await clock.advanceAsync(2000, 100);
}

const valuesOf = ({ plc }: ReturnType<typeof lonePlc>) =>
  ['ns=2;s=Speed', 'ns=3;s=Speed'].map((id) => plc.values.of(id)?.value);

test('values, writes, calls and alarms stay with their programs when a PLC reorders its namespaces', async () => {
  const scene = opened(MAP, [UA, PLC_URI, MIXER, OVEN]);
  await scene.clock.advanceAsync(2000, 100);
  assert.deepEqual(valuesOf(scene), [40, 7]);
  await restart(scene, [UA, PLC_URI, OVEN, MIXER]);
  const { plc, server, signalTexts, signals } = scene;
  assert.deepEqual(valuesOf(scene), [40, 7]);
  await plc.session.write('ns=2;s=Speed', 55);
  assert.deepEqual(server.writes, [{ nodeId: 'ns=3;s=Speed', value: 55 }]);
  await plc.session.call('ns=2;s=Mixer', 'ns=2;s=Stop', []);
  assert.deepEqual(server.calls, [{ objectId: 'ns=3;s=Mixer', methodId: 'ns=3;s=Stop', input: [] }]);
  server.emit({
    ...{ notifier: 'ns=3;s=Mixer', sourceNode: 'ns=3;s=Mixer', conditionId: 'ns=3;s=Jam', message: 'Jammed' },
    associated: new Map([['3:Load', '12']]),
  });
  assert.deepEqual(signalTexts(), ['raise JAM mixer']);
  await plc.session.acknowledge(plc.conditions.active[0]!.conditionId, new Uint8Array([1]), 'seen');
  assert.deepEqual(
    server.acknowledged.map(({ conditionId }) => conditionId),
    ['ns=3;s=Jam'],
  );
  assert.equal(signals.length, 1);
  assert.equal(plc.namespaceProblem, undefined);
});

test('nodes of a namespace that a PLC does not have any more are neither read nor written, with a warning', async () => {
  const scene = opened(MAP, [UA, PLC_URI, MIXER, OVEN]);
  await scene.clock.advanceAsync(2000, 100);
  await restart(scene, [UA, PLC_URI, OVEN]);
  const { plc, server } = scene;
  const lost = plc.values.of('ns=2;s=Speed');
  assert.deepEqual([lost?.value, lost?.quality, plc.values.of('ns=3;s=Speed')?.value], [undefined, 'bad', 7]);
  await assert.rejects(plc.session.write('ns=2;s=Speed', 55), /no longer has the namespace urn:test:mixer/);
  assert.deepEqual(server.writes, []);
  assert.match(plc.namespaceProblem ?? '', /ns=2;s=Speed and 2 more nodes.*nsu=<uri>/);
});

test('an index is refused if both the node map and the order changed, because it is ambiguous', async () => {
  const store = memoryNamespaceStore();
  const first = opened(MAP, [UA, PLC_URI, MIXER, OVEN], store);
  await first.clock.advanceAsync(2000, 100);
  await first.plc.stop();
  const edited = MAP.replace('ns=2;s=Speed', 'ns=3;s=Speed').replace(
    '"ns=3;s=Speed", entity_id: oven',
    '"ns=2;s=Speed", entity_id: oven',
  );
  const second = opened(edited, [UA, PLC_URI, OVEN, MIXER], store);
  await second.clock.advanceAsync(2000, 100);
  assert.deepEqual(valuesOf(second), [undefined, undefined]);
  await assert.rejects(second.plc.session.write('ns=3;s=Speed', 1), /ns=3 was urn:test:oven before/);
  // With the former order, the map's indexes are correct again.
  const third = opened(edited, [UA, PLC_URI, MIXER, OVEN], store);
  await third.clock.advanceAsync(2000, 100);
  assert.deepEqual(valuesOf(third), [40, 7]);
});

test('a new unit or limit in the node map does not make its namespace indices ambiguous', async () => {
  const store = memoryNamespaceStore();
  const first = opened(MAP, [UA, PLC_URI, MIXER, OVEN], store);
  await first.clock.advanceAsync(2000, 100);
  const second = opened(MAP.replace('max_value: 100', 'max_value: 90, unit: rpm'), [UA, PLC_URI, OVEN, MIXER], store);
  await second.clock.advanceAsync(2000, 100);
  assert.deepEqual(valuesOf(second), [40, 7]);
});

test('a node map that names namespaces by URI needs no order at all', async () => {
  const map = MAP.replaceAll('ns=2;', `nsu=${MIXER};`).replaceAll('ns=3;', `nsu=${OVEN};`);
  const scene = opened(map, [UA, PLC_URI, 'urn:test:other', OVEN, MIXER]);
  const { plc, server, clock, signalTexts } = scene;
  await clock.advanceAsync(2000, 100);
  assert.deepEqual(
    plc.nodes.map(({ nodeId }) => [nodeId, plc.values.of(nodeId)?.value]),
    [
      [`nsu=${MIXER};s=Speed`, 40],
      [`nsu=${OVEN};s=Speed`, 7],
    ],
  );
  await plc.session.write(`nsu=${MIXER};s=Speed`, 5);
  assert.deepEqual(server.writes, [{ nodeId: 'ns=4;s=Speed', value: 5 }]);
  server.emit({ notifier: 'ns=4;s=Mixer', sourceNode: 'ns=4;s=Mixer', conditionId: 'ns=4;s=Jam' });
  assert.deepEqual(signalTexts(), ['raise JAM mixer']);
  assert.deepEqual(
    plc.methods.of('mixer').map(({ name }) => name),
    ['Stop'],
  );
});

test('a PLC that does not show its namespaces any more is not asked for nodes of any', async () => {
  const scene = opened(MAP, [UA, PLC_URI, MIXER, OVEN]);
  await scene.clock.advanceAsync(2000, 100);
  scene.server.lose();
  scene.server.namespaces = undefined;
  scene.server.comeBack();
  await scene.clock.advanceAsync(2000, 100);
  assert.deepEqual(valuesOf(scene), [undefined, undefined]);
  assert.match(scene.plc.namespaceProblem ?? '', /not read and not written/);
});

test('nodes that browsing finds keep their ids, and nodes that a map names by URI are not found twice', async () => {
  const map = `auto_browse: {namespace_allow: [2, 3]}\nnodes:\n  - {node_id: "nsu=${MIXER};s=Speed", entity_id: mixer, data_name: speed}\n`;
  const scene = opened(map, [UA, PLC_URI, MIXER, OVEN]);
  await scene.clock.advanceAsync(2000, 100);
  const ids = () => scene.plc.nodes.map(({ nodeId }) => nodeId);
  const before = ids();
  assert.deepEqual(before, [`nsu=${MIXER};s=Speed`, 'ns=3;s=Speed']);
  await restart(scene, [UA, PLC_URI, OVEN, MIXER]);
  assert.deepEqual(ids(), before);
  assert.equal(scene.plc.values.of('ns=3;s=Speed')?.value, 7);
});
