import { test } from 'node:test';
import type { AppList, AreaList, ComponentList, DataValue, FaultListResult, FunctionList } from '@medkit/contract';
import type { Client } from './client.ts';

type Is<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <_Claim extends true>() => undefined;

/** Compiled but never run: checks that parameters and results of routes have the types of the contract. */
export async function typed(client: Client): Promise<void> {
  const entity = { kind: 'app', id: 'lidar_driver' } as const;
  const value = await client.call('getDataItem', { entity, path: { data_id: 'scan' } });
  holds<Is<typeof value, DataValue>>();
  const list = await client.call('listEntities', { kind: 'app' });
  holds<Is<typeof list, AreaList | ComponentList | AppList | FunctionList>>();
  const faults = await client.call('listAllFaults', { query: { status: 'all', include_muted: true } });
  holds<Is<typeof faults, FaultListResult>>();
  const nothing = await client.call('clearFault', { entity, path: { fault_code: 'F1' } });
  holds<Is<typeof nothing, undefined>>();
  await client.call('setConfiguration', { entity, path: { config_id: 'rate' }, body: { data: 5n } });

  // @ts-expect-error there is no such route
  await client.call('getRobot', {});
  // @ts-expect-error a value has an entity
  await client.call('getDataItem', { path: { data_id: 'scan' } });
  // @ts-expect-error and a name
  await client.call('getDataItem', { entity });
  // @ts-expect-error which is called data_id
  await client.call('getDataItem', { entity, path: { topic: 'scan' } });
  // @ts-expect-error areas have no scripts
  await client.call('listScripts', { entity: { kind: 'area', id: 'hall' } });
  // @ts-expect-error faults are not filtered by colour
  await client.call('listAllFaults', { query: { colour: 'red' } });
  // @ts-expect-error a lock lasts for seconds
  await client.call('acquireLock', { entity, body: { lock_expiration: 'long' } });
  // @ts-expect-error and is asked for with a body
  await client.call('acquireLock', { entity });
  // @ts-expect-error a file is downloaded
  await client.call('downloadBulkData', { entity, path: { category_id: 'rosbags', file_id: 'F1' } });
  // @ts-expect-error a list is no event stream
  client.events('listAllFaults', {});
}

test('routes are typed by the contract', () => {
  holds<true>();
});
