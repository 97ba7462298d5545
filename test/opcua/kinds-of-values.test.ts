import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { MapGateway } from './map-gateway.ts';
import type { Json } from './plc-gateway.ts';
import { openProgramServer, type ProgramScope } from './program-server.ts';

const require = createRequire(createRequire(import.meta.url).resolve('node-opcua-server'));
const { Range } = require('node-opcua-types');

/** Values of every non-scalar kind, by name. */
const VALUES: Readonly<
  Record<string, { dataType: string; value: unknown; arrayType?: string; dimensions?: number[] }>
> = {
  Curve: { dataType: 'Double', arrayType: 'Array', value: new Float64Array([1.5, 2, -3]) },
  Counts: {
    dataType: 'Int64',
    arrayType: 'Array',
    value: [
      [0, 7],
      [0xffff_ffff, 0xffff_ffff],
    ],
  },
  Names: { dataType: 'String', arrayType: 'Array', value: ['a', null] },
  Grid: { dataType: 'Int32', arrayType: 'Matrix', dimensions: [2, 3], value: new Int32Array([1, 2, 3, 4, 5, 6]) },
  Image: { dataType: 'ByteString', value: Buffer.from('medkit') },
  Long: { dataType: 'Int16', arrayType: 'Array', value: new Int16Array(5000) },
};

function addValues({ addressSpace, namespace, object }: ProgramScope): void {
  for (const [browseName, { dimensions, ...value }] of Object.entries(VALUES)) {
    const variable = namespace.addVariable({
      ...{ browseName, nodeId: `s=${browseName}`, componentOf: object, dataType: value.dataType },
      valueRank: value.arrayType === 'Matrix' ? 2 : value.arrayType === 'Array' ? 1 : -1,
      ...(dimensions && { arrayDimensions: dimensions }),
    });
    variable.setValueFromSource({ ...value, ...(dimensions && { dimensions }) } as never);
  }
  const limits = namespace.addVariable({
    browseName: 'Limits',
    nodeId: 's=Limits',
    componentOf: object,
    dataType: 'Range',
  });
  limits.setValueFromSource({ dataType: 'ExtensionObject', value: new Range({ low: -1, high: 8.5 }) } as never);
  const state = namespace.addEnumerationType({ browseName: 'State', enumeration: ['Idle', 'Running', 'Jammed'] });
  const variable = namespace.addVariable({
    browseName: 'State',
    nodeId: 's=State',
    componentOf: object,
    dataType: state,
  });
  variable.setValueFromSource({ dataType: 'Int32', value: 1 });
  const speed = namespace.addAnalogDataItem({
    ...{ browseName: 'Speed', nodeId: 's=Speed', componentOf: object, dataType: 'Double' },
    ...{ accessLevel: 'CurrentRead | CurrentWrite', userAccessLevel: 'CurrentRead | CurrentWrite' },
    ...{ engineeringUnitsRange: { low: 0, high: 100 }, value: { dataType: 'Double', value: 20 } },
  } as never);
  void speed;
  const ahead = namespace.addVariable({
    browseName: 'Ahead',
    nodeId: 's=Ahead',
    componentOf: object,
    dataType: 'Double',
  });
  ahead.setValueFromSource({ dataType: 'Double', value: 3 }, undefined, new Date(Date.now() + 365 * 86_400_000));
  addMethods({ addressSpace, namespace, object } as ProgramScope);
}

/** Two methods whose arguments lack distinct names, and one that returns an array. */
function addMethods({ namespace, object }: ProgramScope): void {
  const add = (
    name: string,
    names: readonly string[],
    output: { readonly name: string; readonly valueRank: number }[],
    answer: (input: number[]) => object[],
  ) => {
    const method = namespace.addMethod(object, {
      ...{ browseName: name, nodeId: `s=${name}` },
      inputArguments: names.map((each) => ({ name: each, dataType: 11, valueRank: -1 })) as never,
      outputArguments: output.map((each) => ({ ...each, dataType: 11 })) as never,
    });
    method.bindMethod((input, _, callback) => {
      callback(null, { outputArguments: answer(input.map(({ value }) => value)) as never });
    });
  };
  add('Subtract', ['', ''], [{ name: '', valueRank: -1 }], ([a = 0, b = 0]) => [{ dataType: 'Double', value: a - b }]);
  add('Divide', ['x', 'x'], [{ name: 'q', valueRank: -1 }], ([a = 0, b = 1]) => [{ dataType: 'Double', value: a / b }]);
  add('Sample', ['count'], [{ name: 'values', valueRank: 1 }], ([count = 0]) => [
    { dataType: 'Double', arrayType: 'Array', value: Array.from({ length: count }, (_, at) => at / 2) },
  ]);
}

const NODES = [...Object.keys(VALUES), 'Limits', 'Ahead'].map(
  (name) => `  - {node_id: "ns=2;s=${name}", entity_id: plant, data_name: ${name}}`,
);
const MAP = `nodes:
${NODES.join('\n')}
  - {node_id: "ns=2;s=State", entity_id: plant, data_name: State, data_type: int}
  - {node_id: "ns=2;s=Speed", entity_id: plant, data_name: Speed, writable: true, min_value: -50, max_value: 500}
methods:
${['Subtract', 'Divide', 'Sample'].map((name) => `  - {object_id: "ns=2;s=plant", method_id: "ns=2;s=${name}", entity_id: plant}`).join('\n')}
`;

test('values and results of every kind are shown as JSON, or name why they are not', async (t) => {
  await using server = await openProgramServer({ programs: { 'urn:test:plant': addValues } });
  const { endpointUrl } = server;
  await using gateway = await MapGateway.open({
    mapped: { endpointUrl, map: MAP },
    searched: { endpointUrl, options: { auto_browse: true } },
  });
  const data = (name: string): Promise<Json> => gateway.get(`/apps/plant/data/${name}`);
  const call = async (name: string, body: unknown) =>
    gateway.ask('POST', `/apps/plant/operations/${name}/executions`, body);

  await t.test('arrays, matrices, structures and byte strings', async () => {
    const values = Object.fromEntries(
      await Promise.all(
        ['Curve', 'Counts', 'Names', 'Grid', 'Image', 'Limits'].map(async (name) => [name, (await data(name)).data]),
      ),
    );
    assert.deepEqual(values, {
      ...{ Curve: [1.5, 2, -3], Counts: [7, -1], Names: ['a', null] },
      Grid: [
        [1, 2, 3],
        [4, 5, 6],
      ],
      ...{ Image: Buffer.from('medkit').toString('base64'), Limits: { low: -1, high: 8.5 } },
    });
    assert.deepEqual(await gateway.lastValue('plant', 'Curve'), [1.5, 2, -3]);
  });

  await t.test('a value that is too large says so', async () => {
    const long = await data('Long');
    assert.match(JSON.stringify(long), /cannot show an array of Int16: it has 5000 parts/);
  });

  await t.test('a number of an enumeration has its name', async () => {
    const state = await data('State');
    assert.equal(state.data, 1);
    assert.match(JSON.stringify(state), /"value_name":"Running"/);
  });

  await t.test('a value with a time a year ahead causes a warning', async () => {
    assert.match(JSON.stringify(await data('Ahead')), /the clock of the PLC is ahead/);
  });

  await t.test('the range of the PLC narrows the range of the node map', async () => {
    const { status, body } = await gateway.put('plant', 'Speed', 150);
    assert.deepEqual([status, body.error_code], [400, 'invalid-parameter']);
    assert.match(body.message, /150 is out of range: Speed takes 0 to 100/);
    assert.equal((await gateway.put('plant', 'Speed', -1)).status, 400);
    assert.equal((await gateway.put('plant', 'Speed', 99)).status, 200);
  });

  await t.test('unnamed arguments are numbered by their position', async () => {
    const { items } = await gateway.get('/apps/plant/operations');
    const schema = JSON.stringify(items.find(({ id }: Json) => id === 'Subtract'));
    assert.match(schema, /"required":\["arg1","arg2"\]/);
    assert.deepEqual(Object.values(resultOf(await call('Subtract', { arg1: 5, arg2: 2 }))), [3]);
    assert.equal(resultOf(await call('Divide', { arg1: 9, arg2: 3 })).q, 3);
    const { status, body } = await call('Divide', { x: 9 });
    assert.equal(status, 400, JSON.stringify(body));
  });

  await t.test('an array that a method returns is complete', async () => {
    assert.deepEqual(resultOf(await call('Sample', { count: 3 })), { values: [0, 0.5, 1] });
  });

  await t.test('values that browsing found are shown too', async () => {
    assert.deepEqual((await gateway.get('/apps/searched_plant/data/curve')).data, [1.5, 2, -3]);
    assert.deepEqual((await gateway.get('/apps/searched_plant/data/limits')).data, { low: -1, high: 8.5 });
  });
});

function resultOf({ status, body }: { readonly status: number; readonly body: Json }): Json {
  assert.ok(status < 300, JSON.stringify(body));
  return body.parameters ?? body.result ?? body;
}
