import assert from 'node:assert/strict';
import type { TriedOutcome, TriedRules } from '@medkit/contract';
import { ALL_PERMISSIONS, type Principal } from '@medkit/core';
import { seededRandom } from '@medkit/edges';
import type { SimulatedClock } from '@medkit/edges/testing';
import type { FaultDocuments } from '../../config/fault-documents.ts';
import { openPrincipals } from '../../security/identify.ts';
import { testGateway } from '../../testing/test-gateway.ts';
import type { AllRules } from '../replay-outcome.ts';

const RECEIVER = {
  name: 'team',
  type: 'webhook',
  url: 'https://hooks.example/secret',
  leastSeverity: 2,
  entities: [],
  sites: [],
  groups: [],
  hours: [],
  quiet: [],
  zone: 'UTC',
  breaksQuiet: 3,
  repeatMs: 0,
  maxRepeats: 0,
  afterMs: 0,
  notifiesHealed: false,
} as const;

const principal = (id: string, permissions: Principal['permissions']): Principal => ({
  id,
  kind: 'key',
  role: 'test',
  permissions,
  scopes: [],
});

/** A gateway of a data folder with recorded faults. Does not open the folder itself. */
export async function gatewayOf(dataFolder: string, { faults }: AllRules, clock: SimulatedClock) {
  const faultDocuments = {
    configuration: faults.configuration,
    origins: new Map(),
    thresholds: faults.thresholds,
    rules: faults.correlationRules,
    acrossOrigins: [],
  } as unknown as FaultDocuments;
  const principals = openPrincipals({ token: '', random: seededRandom(1) });
  const [admin, other] = ['admin', 'other'].map((id) => principals.admit(principal(id, ALL_PERMISSIONS)));
  const viewer = principals.admit(principal('viewer', new Set(['read'])));
  const { app } = await testGateway({ data_dir: dataFolder, receivers: [RECEIVER] }, undefined, {}, {
    faultDocuments,
    principals,
    clock,
  } as Parameters<typeof testGateway>[3]);
  const send = (body: TriedRules, authorization = admin) =>
    app.inject({
      method: 'POST',
      url: '/api/v1/x-medkit-replay',
      headers: { host: 'localhost', authorization: String(authorization) },
      payload: body,
    });
  const refused = async (body: TriedRules, authorization = admin) => {
    const reply = await send(body, authorization);
    assert.notEqual(reply.statusCode, 200, reply.body);
    return [reply.statusCode, reply.json<{ message: string }>().message] as const;
  };
  const outcome = async (body: TriedRules, authorization = admin) => {
    const reply = await send(body, authorization);
    assert.equal(reply.statusCode, 200, reply.body);
    return reply.json<TriedOutcome>();
  };
  const get = (url: string) => app.inject({ url, headers: { host: 'localhost', authorization: String(admin) } });
  return { app, send, outcome, refused, get, admin, other, viewer };
}
