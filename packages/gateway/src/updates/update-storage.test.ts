import assert from 'node:assert/strict';
import { it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { memoryDatabase } from '../testing/memory-database.ts';
import { updateStorage } from './update-storage.ts';

it('the latest state of each update is stored and replaces the earlier one; damaged entries are left out', async () => {
  const database = memoryDatabase(new SimulatedClock());
  const logged: string[] = [];
  const storage = updateStorage(database, (_, message) => logged.push(message));
  const error = {
    error_code: 'vendor-error',
    vendor_code: 'x-medkit-update-refused',
    message: 'No',
    parameters: { a: 1 },
  };
  await storage.put('map-2', { phase: 'preparing', status: 'inProgress' });
  await storage.put('map-2', { phase: 'failed', status: 'failed', error });
  await storage.put('map-3', { phase: 'prepared', status: 'completed' });
  await storage.put('map-4', { phase: 'prepared', status: 'completed' });
  await storage.remove('map-4');
  await (await database.store()).write([
    { sql: "INSERT INTO updates (id, phase, status) VALUES ('map-5', 'flying', 'pending')" },
    { sql: "INSERT INTO updates (id, phase, status, error) VALUES ('map-6', 'failed', 'failed', '{')" },
  ]);
  assert.deepEqual(
    await storage.load(),
    new Map([
      ['map-2', { phase: 'failed', status: 'failed', error }],
      ['map-3', { phase: 'prepared', status: 'completed' }],
      ['map-6', { phase: 'failed', status: 'failed', error: { error_code: 'internal-error', message: '{' } }],
    ]),
  );
  assert.match(logged.join(), /state of update map-5 is damaged/);
});
