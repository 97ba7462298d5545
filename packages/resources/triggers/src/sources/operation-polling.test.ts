import assert from 'node:assert/strict';
import { it } from 'node:test';
import { openModel } from '@medkit/core';
import { app, memoryOperations, memoryRuntime } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import type { LiveTrigger } from '../live-trigger.ts';
import { pollOperations } from './operation-polling.ts';

it('operations are watched for a client while the triggers of another client exceed the limit', async () => {
  const clock = new SimulatedClock();
  const many = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`move_${at}`, {}]));
  const operations = memoryOperations({ arm: many, gripper: { grasp: {} } });
  const observed: string[] = [];
  const { executions } = operations;
  operations.executions = (nativeId, operationId, call) => {
    observed.push(operationId);
    return executions(nativeId, operationId, call);
  };
  const appOf = (id: string) => app(id, { address: { runtime: 'memory', nativeId: id } });
  const runtime = memoryRuntime({ apps: [appOf('arm'), appOf('gripper')], providers: { operations } });
  const model = await openModel({ runtimes: [runtime], clock, log: () => undefined });
  const triggerOf = (id: string, owner: string) =>
    ({ record: { entity: { kind: 'app', id }, owner } }) as unknown as LiveTrigger;
  const triggers = [triggerOf('arm', 'user:greedy'), triggerOf('gripper', 'user:other')];
  const listening = pollOperations({ model, clock, log: () => undefined, triggers: () => triggers });
  listening.ask();
  await clock.advanceAsync(10);
  assert.equal(observed.length, 48);
  assert.ok(observed.includes('grasp'));
  listening.close();
  await model.close();
});
