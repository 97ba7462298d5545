import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { memoryDatabase } from '../testing/memory-database.ts';
import { openInstanceMemory } from './instance-memory.ts';

const log = (_level: string, message: string): void => assert.fail(message);

function setUp() {
  const database = memoryDatabase(new SimulatedClock());
  const peers = new Set(['yard', 'crane']);
  /** Opens the memory as the gateway does after a start. */
  const open = () => openInstanceMemory({ database, isPeer: (name) => peers.has(name), log });
  return { database, peers, open };
}

describe('the stored instance of each peer', () => {
  it('survives a restart, and is not given to another peer that claims it without a key', async () => {
    const { open } = setUp();
    const before = await open();
    before.remember({ name: 'yard', instance: 'y', isKeyed: false });
    before.remember({ name: 'crane', instance: 'y', isKeyed: false });
    await before.close();
    const after = await open();
    assert.deepEqual(after.find('y'), { name: 'yard', instance: 'y', isKeyed: false });
    assert.equal(after.find('c'), undefined);
  });

  it('is given to the first peer that claims it with a key', async () => {
    const { open } = setUp();
    const before = await open();
    before.remember({ name: 'crane', instance: 'y', isKeyed: false });
    before.remember({ name: 'yard', instance: 'y', isKeyed: true });
    before.remember({ name: 'crane', instance: 'y', isKeyed: true });
    await before.close();
    assert.equal((await open()).find('y')?.name, 'yard');
  });

  it('stays with its first peer until that is removed or a peer with a key claims it', async () => {
    const { peers, open } = setUp();
    const memory = await open();
    memory.remember({ name: 'yard/r', instance: 'r', isKeyed: false });
    memory.remember({ name: 'crane', instance: 'r', isKeyed: false });
    assert.equal(memory.find('r')?.name, 'yard/r');
    peers.delete('yard');
    assert.equal(memory.find('r'), undefined);
    peers.add('yard');
    memory.remember({ name: 'crane', instance: 'r', isKeyed: true });
    assert.equal(memory.find('r')?.name, 'crane');
    await memory.close();
  });

  it('is not found while its peer is not configured', async () => {
    const { peers, open } = setUp();
    const memory = await open();
    memory.remember({ name: 'yard', instance: 'y', isKeyed: false });
    peers.delete('yard');
    assert.equal(memory.find('y'), undefined);
    peers.add('yard');
    assert.equal(memory.find('y')?.name, 'yard', 'it is known again when it returns');
    await memory.close();
  });

  it('is the latest of each peer, and a bounded number of peers is stored', async () => {
    const { database, peers, open } = setUp();
    const memory = await open();
    memory.remember({ name: 'yard', instance: 'old', isKeyed: false });
    memory.remember({ name: 'yard', instance: 'new', isKeyed: false });
    assert.equal(memory.find('old'), undefined);
    for (let at = 0; at < 300; at++) {
      peers.add(`p${at}`);
      memory.remember({ name: `p${at}`, instance: `i${at}`, isKeyed: false });
    }
    await memory.close();
    const [row] = await (await database.store()).read('SELECT COUNT(*) AS count FROM peer_instances');
    assert.equal(Number(row?.['count']), 256);
  });
});
