import assert from 'node:assert/strict';
import { it } from 'node:test';
import { memoryConfigurations } from '@medkit/core/testing';
import { seededRandom } from '@medkit/edges';
import { testGateway } from '../testing/test-gateway.ts';

const ROUNDS = 400;
const LOCKS = '/apps/lidar_driver/locks';

it('of two clients that race for a lock one gets it, and no write of the other reaches the node meanwhile', async () => {
  const random = seededRandom(7);
  const turns = async (most: number) => {
    for (let turn = (random.bytes(1)[0] ?? 0) % most; turn > 0; turn--) await new Promise((done) => setImmediate(done));
  };
  /** The client that was granted the lock and has not begun to release it. */
  let holder: string | undefined;
  const written = { byHolder: 0, unlocked: 0, byOthers: 0 };
  const parameters = memoryConfigurations({ '/lidar_driver': { rate: { type: 'double', value: 1 } } });
  const { app: server } = await testGateway({}, undefined, {
    configurations: {
      ...parameters,
      write: async (nativeId, name, value, call) => {
        await turns(40);
        if (holder === undefined) written.unlocked += 1;
        else if (holder === call.clientId) written.byHolder += 1;
        else written.byOthers += 1;
        return parameters.write(nativeId, name, value, call);
      },
    },
  });
  const ask = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, client: string, payload?: object) =>
    server.inject({
      method,
      url: `/api/v1${path}`,
      headers: { host: 'localhost', 'x-client-id': client },
      ...(payload && { payload }),
    });
  const write = (client: string, data: number) =>
    ask('PUT', '/apps/lidar_driver/configurations/rate', client, { data });

  let owned = 0;
  const compete = async (client: string): Promise<void> => {
    for (let round = 1; round <= ROUNDS; round++) {
      const writing = write(client, -1);
      await turns(8);
      const locked = await ask('POST', LOCKS, client, { lock_expiration: 60 });
      if (locked.statusCode === 201) {
        assert.equal(holder, undefined);
        holder = client;
        owned += 1;
      }
      await writing;
      if (locked.statusCode !== 201) continue;
      assert.equal((await write(client, round)).statusCode, 200);
      const { data } = (await ask('GET', '/apps/lidar_driver/configurations/rate', client)).json();
      assert.equal(data, round);
      holder = undefined;
      assert.equal((await ask('DELETE', `${LOCKS}/${locked.json().id}`, client)).statusCode, 204);
    }
  };
  await Promise.all([compete('alice'), compete('bob')]);
  assert.equal(written.byOthers, 0);
  assert.ok(owned > 0 && written.byHolder >= owned && written.unlocked > 0, JSON.stringify({ owned, written }));
  await server.close();
});
