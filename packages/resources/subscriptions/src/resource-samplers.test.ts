import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { XMedkitCollection } from '@medkit/contract';
import { logBuffers } from '@medkit/core';
import { fault, memoryConfigurations, memoryFaults, memoryOperations } from '@medkit/core/testing';
import {
  createConfigurationService,
  createDataService,
  createLogService,
  createOperationService,
} from '@medkit/entities';
import { MUTE, twentyRobots } from '@medkit/entities/testing';
import { createFaultService } from '@medkit/faults';
import { OPEN_ACCESS } from '@medkit/locks';
import { resourceSamplers } from './resource-samplers.ts';

const NO_FRAMES = { of: () => [], settled: async () => undefined };

it('events of twenty robots arrive without one that does not answer, and name it', async () => {
  const { model, clock, timed } = await twentyRobots((robot, onCall) => {
    const { keep, provider } = logBuffers().open({ isEntity: () => true, logged: () => undefined });
    keep({ timestampNs: 1n, severity: 'info', logger: 'app', message: robot });
    return {
      faults: memoryFaults({ faults: [fault('HOT', { sources: ['/app'] })], onCall }),
      configurations: memoryConfigurations({ '/app': { rate: { type: 'int', value: 1 } } }, onCall),
      operations: memoryOperations({ '/app': { reset: {} } }, onCall),
      logs: { ...provider, list: (...question) => onCall().then(() => provider.list(...question)) },
    };
  });
  const samplers = resourceSamplers({
    data: createDataService({ model, clock }),
    configurations: createConfigurationService({ model, clock }),
    operations: createOperationService({ model, clock }),
    logs: createLogService({ model, clock }),
    faults: createFaultService({
      model,
      clock,
      entityFrames: NO_FRAMES,
      locks: OPEN_ACCESS,
      log: () => undefined,
    }),
  });
  for (const name of ['faults', 'configurations', 'operations', 'logs']) {
    const sampler = samplers.get(name) ?? assert.fail();
    const { value, ms } = await timed((call) => sampler.sample({ kind: 'area', id: 'hall' }, '', call));
    assert.ok(ms >= 1000 && ms <= 1200, `${name}: ${ms} ms`);
    const { items, faults = items, 'x-medkit': about } = value.payload as Payload;
    assert.deepEqual(
      [name, faults?.length, about?.partial, about?.failed_members?.map(({ runtime }) => runtime)],
      [name, 19, true, [MUTE]],
    );
  }
});

interface Payload {
  readonly items?: readonly unknown[];
  readonly faults?: readonly unknown[];
  readonly 'x-medkit'?: XMedkitCollection;
}
