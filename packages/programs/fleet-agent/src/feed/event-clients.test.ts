import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { eventClients } from './event-clients.ts';

function response(): ServerResponse {
  const made = Object.assign(new EventEmitter(), { writeHead: () => made, write: () => true, end: () => made });
  return made as unknown as ServerResponse;
}

it('streams of errors have places for other addresses while one address opens as many as it can', () => {
  const clients = eventClients(new SimulatedClock());
  const opened = Array.from({ length: 20 }, response);
  const taken = opened.map((each) => clients.add(each, '', '10.0.0.66'));
  assert.equal(taken.filter((isTaken) => isTaken).length, 16);
  assert.equal(clients.add(response(), '', '10.0.0.7'), true);
  assert.deepEqual(clients.figures(), { held: 17, capacity: 32, owners: 2, largest: 16, refused: 4 });
  opened[0]!.emit('close');
  assert.equal(clients.add(response(), '', '10.0.0.66'), true);
  clients.close();
});
