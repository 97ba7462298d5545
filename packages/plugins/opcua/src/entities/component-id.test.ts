import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ComponentNames, componentOf } from './component-id.ts';

const noNames: ComponentNames = {
  mappedId: undefined,
  mappedName: undefined,
  name: '',
  nameplate: undefined,
  endpointUrl: 'opc.tcp://plc-7.hall:4840/x',
};

for (const [names, id, name] of [
  [{}, 'opcua-plc-7_hall', 'opcua-plc-7.hall'],
  [{ nameplate: { manufacturer: 'ACME', model: 'PLC 1' } }, 'acme_plc_1', 'ACME PLC 1'],
  [{ name: 'north', nameplate: { manufacturer: 'ACME' } }, 'north', 'north'],
  [{ mappedId: 'station', name: 'north' }, 'station', 'station'],
  [{ mappedId: 'station', mappedName: 'The station' }, 'station', 'The station'],
] as const) {
  test(`a PLC with the type plate ${JSON.stringify(names)} is the component ${id}`, () => {
    assert.deepEqual(componentOf({ ...noNames, ...names }), { id, name });
  });
}
