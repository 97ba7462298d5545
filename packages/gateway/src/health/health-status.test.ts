import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openModel } from '@medkit/core';
import { app, area, type MemoryRuntimeOptions, memoryRuntime } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { healthStatus } from './health-status.ts';

async function healthWith(options: MemoryRuntimeOptions, entityCacheCapacity = 256) {
  const clock = new SimulatedClock({ epochMs: Date.UTC(2026, 0, 1) });
  const model = await openModel({ runtimes: [memoryRuntime(options)], clock, log: () => undefined });
  const discovery = { mode: 'runtime_only', strategy: 'runtime' };
  return healthStatus({ model, clock, discovery, entityCacheCapacity });
}

describe('health', () => {
  it('has time, discovery, entity counts and the blocks of the runtimes', async () => {
    const health = await healthWith({
      areas: [area('hall')],
      apps: [app('a'), app('b')],
      health: { warnings: [], blocks: { 'x-medkit-data-provider': { pool_size: 3 } } },
    });
    assert.deepEqual(health, {
      status: 'healthy',
      timestamp: 1_767_225_600_000_000_000,
      warning_schema_version: 2,
      warnings: [],
      discovery: { mode: 'runtime_only', strategy: 'runtime' },
      'x-medkit-data-provider': { pool_size: 3 },
      'x-medkit-entity-cache': {
        capacity: 256,
        areas: 1,
        components: 0,
        apps: 2,
        functions: 0,
        generation: 2,
        grew: false,
      },
    });
  });

  it('writes all five members of a warning', async () => {
    const { warnings } = await healthWith({
      health: { warnings: [{ code: 'incompatible_qos', message: 'm', nodes: ['/a'] }], blocks: {} },
    });
    assert.deepEqual(warnings, [
      { code: 'incompatible_qos', message: 'm', entity_ids: [], ros_node_fqns: ['/a'], peer_names: [] },
    ]);
  });

  it('warns that the tree grew beyond its expected size', async () => {
    const health = await healthWith({ apps: [app('a'), app('b')] }, 1);
    assert.equal(health['x-medkit-entity-cache']?.['grew'], true);
  });

  it('names skipped entities and unresolved references, and only counts them if there are many', async () => {
    const { warnings } = await healthWith({
      apps: [app('no good'), ...Array.from({ length: 15 }, (_, at) => app(`app_${at}`, { componentId: 'gone' }))],
    });
    assert.deepEqual(
      warnings.map(({ code }) => code),
      ['entities_dropped', 'unresolved_references'],
    );
    assert.match(warnings[0]?.message ?? '', /"no good" of memory: .*0x20/);
    assert.match(warnings[1]?.message ?? '', /and 5 more/);
    assert.equal(warnings[1]?.entity_ids.length, 10);
  });
});
