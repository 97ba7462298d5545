import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { MapGateway } from './map-gateway.ts';
import { openProgramServer, type ProgramScope } from './program-server.ts';

const [MIXER, OVEN] = ['urn:test:mixer', 'urn:test:oven'];
/** Values written to the setpoint of each program. */
const written: string[] = [];

const program =
  (name: string, setpoint: number) =>
  ({ namespace, object }: ProgramScope): void => {
    const variable = namespace.addVariable({
      ...{ browseName: 'Setpoint', nodeId: 's=Setpoint', componentOf: object, dataType: 'Double' },
      ...{ accessLevel: 'CurrentRead | CurrentWrite', userAccessLevel: 'CurrentRead | CurrentWrite' },
    });
    variable.setValueFromSource({ dataType: 'Double', value: setpoint });
    variable.on('value_changed', ({ value }) => void written.push(`${name} ${value.value}`));
  };

const programs = { [MIXER]: program('mixer', 40), [OVEN]: program('oven', 180) };
const swapped = { [OVEN]: programs[OVEN]!, [MIXER]: programs[MIXER]! };

const node = (id: string, app: string) =>
  `  - {node_id: "${id};s=Setpoint", entity_id: ${app}, data_name: setpoint, writable: true, min_value: 0, max_value: 300}\n`;

test('a PLC that restarts with its namespaces in another order is read and written by their URIs', async () => {
  let server = await openProgramServer({ programs });
  const { endpointUrl, port } = server;
  await using gateway = await MapGateway.open({
    index: { endpointUrl, map: `nodes:\n${node('ns=2', 'mixer')}${node('ns=3', 'oven')}` },
    uri: { endpointUrl, map: `nodes:\n${node(`nsu=${MIXER}`, 'mixer_by_uri')}${node(`nsu=${OVEN}`, 'oven_by_uri')}` },
  });
  const setpoints = () =>
    Promise.all(['mixer', 'oven', 'mixer_by_uri', 'oven_by_uri'].map((app) => gateway.lastValue(app, 'setpoint')));
  assert.deepEqual(await setpoints(), [40, 180, 40, 180]);
  await server[Symbol.asyncDispose]();
  await eventually('the loss of both', async () =>
    (await gateway.get('/health'))['x-medkit-opcua'].plcs.every(({ connected }: { connected: boolean }) => !connected),
  );
  server = await openProgramServer({ port, programs: swapped });
  try {
    await gateway.untilConnected(2);
    assert.deepEqual(await setpoints(), [40, 180, 40, 180]);
    written.length = 0;
    assert.equal((await gateway.put('mixer', 'setpoint', 41)).status, 200);
    assert.equal((await gateway.put('oven_by_uri', 'setpoint', 181)).status, 200);
    assert.deepEqual(written, ['mixer 41', 'oven 181']);
  } finally {
    await server[Symbol.asyncDispose]();
  }
});
