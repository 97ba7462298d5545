import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LOCK_SCOPES, type LockSettings } from '@medkit/core';
import { memoryConfigurations } from '@medkit/core/testing';
import { testGateway } from '../testing/test-gateway.ts';

const NAVIGATION = 'components/amr_01';
const LIDAR = 'apps/lidar_driver';
const ALICE = 'engineer-alice';
const BOB = 'engineer-bob';
type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

/** A gateway whose nodes have a parameter each. */
async function setUp(changes: Parameters<typeof testGateway>[0] = {}, onCall?: Parameters<typeof testGateway>[1]) {
  const parameters = { rate: { type: 'double', value: 10 } } as const;
  const gateway = await testGateway(changes, onCall, {
    configurations: memoryConfigurations({ '/lidar_driver': parameters, '/battery_monitor': parameters }),
  });
  const ask = (method: Method, path: string, client?: string, body?: object) =>
    gateway.app.inject({
      method,
      url: `/api/v1/${path}`,
      headers: { host: 'localhost', ...(client !== undefined && { 'x-client-id': client }) },
      ...(body && { payload: body }),
    });
  const lock = async (path: string, client: string, body: object = {}) => {
    const reply = await ask('POST', `${path}/locks`, client, { lock_expiration: 300, ...body });
    assert.equal(reply.statusCode, 201, reply.body);
    return reply.json().id as string;
  };
  const setRate = async (path: string, client: string | undefined, id = 'rate') =>
    (await ask('PUT', `${path}/configurations/${id}`, client, { data: 12.5 })).statusCode;
  /** Gives the app these settings, as a manifest does. */
  const settle = async (lockSettings: Partial<LockSettings>) => {
    const settings = { lockable: true, alwaysOpen: [], requiredScopes: [], breakable: true, maxExpirationSec: 0 };
    const apps = gateway.model.tree.all('app');
    gateway.runtime.tell({
      apps: apps.map((known) =>
        known.id === 'lidar_driver' ? { ...known, lock: { ...settings, ...lockSettings } } : known,
      ),
    });
    await gateway.clock.advanceAsync(10);
  };
  return { ...gateway, ask, lock, setRate, settle };
}

/** The reported properties of Alice's lock that blocks a request. */
const HELD = { holder: ALICE, lock_expiration: '2026-01-01T00:05:00Z' };
const BY_ALICE = `held by ${ALICE} until 2026-01-01T00:05:00Z`;

describe('locks over HTTP', () => {
  it('that close an entity are listed with ?effective=true, whichever entity they are on', async () => {
    const { app, ask, lock, setRate } = await setUp();
    await lock(NAVIGATION, ALICE);
    assert.equal(await setRate(LIDAR, BOB), 409);
    assert.deepEqual((await ask('GET', `${LIDAR}/locks`)).json(), { items: [] });
    const { items } = (await ask('GET', `${LIDAR}/locks?effective=true`)).json();
    assert.deepEqual(
      items.map(({ id, holder, entity }: { id: string; holder: string; entity: object }) => [id, holder, entity]),
      [['lock_1', ALICE, { type: 'component', id: 'amr_01' }]],
    );
    await app.close();
  });

  it('close a topic at every entity that has it', async () => {
    const { app, ask, lock, model } = await setUp();
    Object.assign(model.provider('memory')!.data!, { holders: async () => ['/lidar_driver', '/battery_monitor'] });
    await lock('apps/battery_monitor', ALICE, { scopes: ['data'] });
    const write = { type: 'geometry_msgs/msg/Twist', data: {} };
    const refused = await ask('PUT', `${LIDAR}/data/cmd_vel`, BOB, write);
    assert.deepEqual([refused.statusCode, refused.json().error_code], [409, 'lock-broken']);
    assert.equal((await ask('PUT', `${LIDAR}/data/cmd_vel`, ALICE, write)).statusCode, 200);
    const unknown = await ask('PUT', `${LIDAR}/data/cmd_val`, BOB, write);
    assert.deepEqual([unknown.statusCode, unknown.json().parameters.did_you_mean], [404, '/cmd_vel']);
    await app.close();
  });

  it('are acquired as the article of release 0.4.0 describes', async () => {
    const { app, ask } = await setUp();
    const body = { lock_expiration: 300, scopes: ['configurations'] };
    const reply = await ask('POST', `${NAVIGATION}/locks`, ALICE, body);
    assert.deepEqual(
      [reply.statusCode, reply.headers.location, reply.json()],
      [
        201,
        '/api/v1/components/amr_01/locks/lock_1',
        {
          ...{ id: 'lock_1', owned: true, scopes: ['configurations'], lock_expiration: '2026-01-01T00:05:00Z' },
          // In addition to the printed message.
          holder: ALICE,
          entity: { type: 'component', id: 'amr_01' },
          acquired_at: '2026-01-01T00:00:00Z',
          breakable: true,
        },
      ],
    );
    await app.close();
  });

  it('allow changes only with the same X-Client-Id, until they end', async () => {
    const { app, lock, setRate, ask, clock } = await setUp();
    await lock(NAVIGATION, ALICE, { scopes: ['configurations'] });
    assert.equal(await setRate(LIDAR, ALICE), 200);
    const refused = await ask('PUT', `${LIDAR}/configurations/rate`, BOB, { data: 1 });
    assert.deepEqual(
      [refused.statusCode, refused.json()],
      [
        409,
        {
          error_code: 'lock-broken',
          message: `Locked by another client: component amr_01 has lock_1, ${BY_ALICE}`,
          parameters: { entity_id: 'lidar_driver', collection: 'configurations', lock_id: 'lock_1', ...HELD },
        },
      ],
    );
    assert.equal(await setRate(LIDAR, undefined), 409);
    assert.equal((await ask('GET', `${LIDAR}/configurations/rate`, BOB)).statusCode, 200);
    await clock.advanceAsync(300_000, 50_000);
    assert.equal(await setRate(LIDAR, BOB), 200);
    await app.close();
  });

  for (const entity of ['areas/warehouse', NAVIGATION, LIDAR, 'functions/navigation']) {
    it(`of ${entity} are listed, read, extended and released, and are among its capabilities`, async () => {
      const { app, ask, lock, clock, model } = await setUp();
      const changes: string[] = [];
      model.events.on('lock.changed', ({ change, lockId }) => changes.push(`${change} ${lockId}`));
      assert.deepEqual((await ask('GET', `${entity}/locks`)).json(), { items: [] });
      const id = await lock(entity, ALICE, { scopes: ['operations', 'data'] });
      const [collection = '', entityId] = entity.split('/');
      const item = {
        ...{ id, owned: false, scopes: ['operations', 'data'], lock_expiration: '2026-01-01T00:05:00Z' },
        holder: ALICE,
        entity: { type: collection.slice(0, -1), id: entityId },
        acquired_at: '2026-01-01T00:00:00Z',
        breakable: true,
      };
      assert.deepEqual((await ask('GET', `${entity}/locks`)).json(), { items: [item] });
      assert.deepEqual((await ask('GET', 'x-medkit-locks')).json(), { items: [item] });
      assert.deepEqual((await ask('GET', `${entity}/locks/${id}`, ALICE)).json(), { ...item, owned: true });
      await clock.advanceAsync(60_000, 10_000);
      assert.equal((await ask('PUT', `${entity}/locks/${id}`, ALICE, { lock_expiration: 60 })).statusCode, 204);
      const extended = (await ask('GET', `${entity}/locks/${id}`)).json().lock_expiration;
      assert.equal(extended, '2026-01-01T00:02:00Z');
      assert.equal((await ask('DELETE', `${entity}/locks/${id}`, ALICE)).statusCode, 204);
      assert.deepEqual((await ask('GET', `${entity}/locks`)).json(), { items: [] });
      assert.deepEqual(changes, [`acquired ${id}`, `extended ${id}`, `released ${id}`]);
      const { capabilities } = (await ask('GET', entity)).json();
      assert.ok(capabilities.some(({ name }: { name: string }) => name === 'locks'));
      await app.close();
    });
  }

  it('are 501 if locking is switched off, and no entity is locked', async () => {
    const { app, ask, setRate } = await setUp({ locking: { enabled: false } });
    const item = `${LIDAR}/locks/lock_1`;
    const body = { lock_expiration: 1 };
    for (const [method, path, payload] of [
      ['GET', `${LIDAR}/locks`, undefined],
      ['GET', 'x-medkit-locks', undefined],
      ['POST', `${LIDAR}/locks`, body],
      ['GET', item, undefined],
      ['PUT', item, body],
      ['DELETE', item, undefined],
    ] as const) {
      const reply = await ask(method, path, undefined, payload);
      const error = { error_code: 'not-implemented', message: 'Locking is not enabled on this gateway' };
      assert.deepEqual([reply.statusCode, reply.json()], [501, error]);
    }
    assert.equal(await setRate(LIDAR, undefined), 200);
    const root = (await ask('GET', '')).json();
    assert.equal(root.capabilities.locking, false);
    const { capabilities } = (await ask('GET', LIDAR)).json();
    assert.ok(!capabilities.some(({ name }: { name: string }) => name === 'locks'));
    await app.close();
  });

  it('are shown in the health of the gateway', async () => {
    const { app, ask, lock, setRate } = await setUp();
    await lock(LIDAR, ALICE);
    await setRate(LIDAR, BOB);
    assert.deepEqual((await ask('GET', 'health')).json()['x-medkit-locks'], {
      held: 1,
      acquired_total: 1,
      broken_total: 0,
      expired_total: 0,
      refused_changes_total: 1,
    });
    await app.close();
  });
});

describe('a wrong request for a lock', () => {
  const seconds = (lock_expiration: unknown, more: object = {}) => ({ lock_expiration, ...more });
  const locksPath = `${LIDAR}/locks`;
  const rows: readonly (readonly [string, Method, string, string | undefined, object | undefined, number, object])[] = [
    [
      'no X-Client-Id',
      'POST',
      locksPath,
      undefined,
      seconds(60),
      400,
      { error_code: 'invalid-parameter', message: 'Missing required X-Client-Id header' },
    ],
    [
      'an X-Client-Id of 257 characters',
      'POST',
      locksPath,
      'a'.repeat(257),
      seconds(60),
      400,
      {
        error_code: 'invalid-parameter',
        message: 'X-Client-Id is longer than 256 characters',
        parameters: { max_length: 256 },
      },
    ],
    [
      'control characters in X-Client-Id',
      'DELETE',
      `${NAVIGATION}/locks/lock_1`,
      'a\tb',
      undefined,
      400,
      { error_code: 'invalid-parameter', message: 'X-Client-Id has control characters' },
    ],
    [
      'an unknown entity',
      'POST',
      'apps/nobody/locks',
      ALICE,
      seconds(0),
      404,
      { error_code: 'entity-not-found', message: 'Entity not found', parameters: { entity_id: 'nobody' } },
    ],
    [
      'no expiration',
      'POST',
      locksPath,
      ALICE,
      {},
      400,
      {
        error_code: 'invalid-request',
        message: 'Request body validation failed',
        parameters: { fields: [{ field: 'lock_expiration', message: 'missing required field' }] },
      },
    ],
    ...[0, -1].map(
      (value) =>
        [
          `an expiration of ${value}`,
          'POST',
          locksPath,
          ALICE,
          seconds(value, { scopes: ['nothing'] }),
          400,
          {
            error_code: 'invalid-parameter',
            message: 'Invalid lock_expiration',
            parameters: { details: 'lock_expiration must be above 0 seconds' },
          },
        ] as const,
    ),
    [
      'an expiration above the maximum',
      'POST',
      locksPath,
      ALICE,
      seconds(3601),
      400,
      {
        error_code: 'invalid-parameter',
        message: 'Invalid lock_expiration',
        parameters: { details: 'lock_expiration must be at most 3600 seconds' },
      },
    ],
    [
      'a scope that does not exist',
      'POST',
      locksPath,
      ALICE,
      seconds(9999, { scopes: ['data', 'engine'] }),
      400,
      {
        error_code: 'invalid-parameter',
        message: 'Invalid lock scope',
        parameters: { details: `Valid scopes: ${LOCK_SCOPES.join(', ')}`, invalid_scope: 'engine' },
      },
    ],
    [
      'an entity that another client has locked',
      'POST',
      `${NAVIGATION}/locks`,
      BOB,
      seconds(60),
      409,
      {
        error_code: 'lock-broken',
        message: `The entity is already locked, ${BY_ALICE}`,
        parameters: { existing_lock_id: 'lock_1', ...HELD },
      },
    ],
    [
      'an entity that the client has locked itself',
      'POST',
      `${NAVIGATION}/locks`,
      ALICE,
      seconds(60),
      409,
      {
        error_code: 'lock-broken',
        message: `The entity is already locked, ${BY_ALICE}`,
        parameters: { existing_lock_id: 'lock_1', ...HELD },
      },
    ],
    [
      'an entity whose parent another client has locked',
      'POST',
      locksPath,
      BOB,
      seconds(60, { break_lock: true }),
      409,
      {
        error_code: 'lock-broken',
        message: `Another client has locked component amr_01, ${BY_ALICE}`,
        parameters: { existing_lock_id: 'lock_1', ...HELD },
      },
    ],
    ...(['GET', 'PUT', 'DELETE'] as const).map(
      (method) =>
        [
          `${method} of a lock of another entity`,
          method,
          `${locksPath}/lock_1`,
          BOB,
          method === 'PUT' ? seconds(0) : undefined,
          404,
          {
            error_code: 'resource-not-found',
            message: 'Lock not found',
            parameters: { lock_id: 'lock_1', entity_id: 'lidar_driver' },
          },
        ] as const,
    ),
    ...(['PUT', 'DELETE'] as const).map(
      (method) =>
        [
          `${method} of the lock of another client`,
          method,
          `${NAVIGATION}/locks/lock_1`,
          BOB,
          method === 'PUT' ? seconds(60) : undefined,
          403,
          { error_code: 'forbidden', message: 'Another client holds this lock' },
        ] as const,
    ),
    [
      'an extension by more than the maximum',
      'PUT',
      `${NAVIGATION}/locks/lock_1`,
      BOB,
      seconds(3601),
      400,
      {
        error_code: 'invalid-parameter',
        message: 'Invalid lock_expiration',
        parameters: { details: 'lock_expiration must be at most 3600 seconds' },
      },
    ],
  ];
  for (const [what, method, path, client, body, status, error] of rows) {
    it(`is rejected with the reason: ${what}`, async () => {
      const { app, ask, lock } = await setUp();
      await lock(NAVIGATION, ALICE);
      const reply = await ask(method, path, client, body);
      assert.deepEqual([reply.statusCode, reply.json()], [status, error]);
      const still = (await ask('GET', `${NAVIGATION}/locks`, ALICE)).json().items[0];
      assert.deepEqual([still.id, still.owned, still.lock_expiration], ['lock_1', true, '2026-01-01T00:05:00Z']);
      await app.close();
    });
  }

  it('is rejected for a lock that is not breakable', async () => {
    const { app, ask, lock } = await setUp({
      locking: { defaults: { components: { lock_required_scopes: [], breakable: false }, apps: DEFAULTS } },
    });
    await lock(NAVIGATION, ALICE);
    const reply = await ask('POST', `${NAVIGATION}/locks`, BOB, seconds(60, { break_lock: true }));
    const error = {
      error_code: 'lock-broken',
      message: `The entity is locked, and its lock is not breakable, ${BY_ALICE}`,
      parameters: { existing_lock_id: 'lock_1', ...HELD },
    };
    assert.deepEqual([reply.statusCode, reply.json()], [409, error]);
    await app.close();
  });
});

const DEFAULTS = { lock_required_scopes: [], breakable: true };

describe('settings of locks', () => {
  it('[edge] break_lock creates a new id and removes the old one; the old holder is notified by an event', async () => {
    const { app, ask, lock, model } = await setUp();
    const changes: unknown[] = [];
    model.events.on('lock.changed', ({ change, lockId, clientId }) => changes.push([change, lockId, clientId]));
    await lock(LIDAR, ALICE);
    assert.equal(await lock(LIDAR, BOB, { break_lock: true }), 'lock_2');
    assert.equal((await ask('GET', `${LIDAR}/locks/lock_1`)).statusCode, 404);
    assert.deepEqual(changes, [
      ['acquired', 'lock_1', ALICE],
      ['broken', 'lock_1', ALICE],
      ['acquired', 'lock_2', BOB],
    ]);
    await app.close();
  });

  it('[edge] of the manifest set a maximum duration, and what requires a lock, is always open, or cannot be locked', async () => {
    const { app, ask, setRate, settle } = await setUp();
    await settle({ maxExpirationSec: 100, requiredScopes: ['configurations'], alwaysOpen: ['data'] });
    const status = async (lock_expiration: number) =>
      (await ask('POST', `${LIDAR}/locks`, ALICE, { lock_expiration })).statusCode;
    const required = await ask('PUT', `${LIDAR}/configurations/rate`, ALICE, { data: 1 });
    assert.deepEqual(
      [required.statusCode, required.json()],
      [
        409,
        {
          error_code: 'invalid-request',
          message: 'Lock required: acquire one and send its X-Client-Id',
          parameters: {
            details: 'The configurations of app lidar_driver can only be changed by the holder of a lock on them',
            entity_id: 'lidar_driver',
            collection: 'configurations',
          },
        },
      ],
    );
    // Access through the containing component fails too; a lock on that permits it.
    assert.equal(await setRate(NAVIGATION, BOB, 'lidar_driver:rate'), 409);
    assert.deepEqual([await status(200), await status(60)], [400, 201]);
    assert.equal(await setRate(LIDAR, ALICE), 200);
    const write = { type: 'geometry_msgs/msg/Twist', data: {} };
    assert.notEqual((await ask('PUT', `${LIDAR}/data/cmd_vel`, BOB, write)).statusCode, 409);
    await settle({ lockable: false });
    assert.equal(await setRate(LIDAR, BOB), 200);
    const refused = await ask('POST', `${LIDAR}/locks`, ALICE, { lock_expiration: 60 });
    assert.equal(refused.statusCode, 409);
    assert.match(refused.json().message, /cannot be locked/);
    await app.close();
  });

  it('[edge] of the configuration can require a lock for configurations and not for data; a lock of the parent suffices', async () => {
    const { app, ask, lock, setRate } = await setUp({
      locking: {
        defaults: { components: DEFAULTS, apps: { lock_required_scopes: ['configurations'], breakable: true } },
      },
    });
    assert.equal(await setRate(LIDAR, ALICE), 409);
    const write = { type: 'geometry_msgs/msg/Twist', data: {} };
    assert.notEqual((await ask('PUT', `${LIDAR}/data/cmd_vel`, ALICE, write)).statusCode, 409);
    await lock('areas/warehouse', ALICE);
    assert.equal(await setRate(LIDAR, ALICE), 200);
    await app.close();
  });
});
