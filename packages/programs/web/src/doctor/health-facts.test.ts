import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HealthStatus, HealthWarning } from '@medkit/contract';
import { figureBlocks, formatBufferSize, mostSevereFirst, onlineNodes, storesOf } from './health-facts.ts';

describe('the discovered nodes', () => {
  it('are the apps of nodes that are online', () => {
    const ros2 = { node: '/nav' };
    const apps = [
      { 'x-medkit': { is_online: true, ros2 } },
      { 'x-medkit': { is_online: false, ros2 } },
      { 'x-medkit': { is_online: true } },
      {},
    ];
    assert.equal(onlineNodes(apps), 1);
  });
});

describe('the health of a gateway', () => {
  it('shows what is stored, as far as it is reported', () => {
    const health = {
      'x-medkit-faults': { store: { path: '/f.db', database_bytes: 5 }, disk: { full: true } },
      'x-medkit-logs': { entries: 3 },
    };
    const { faults, recordings, logs, isDiskFull } = storesOf(health as unknown as HealthStatus);
    assert.deepEqual(
      [faults, recordings.count, logs.count, isDiskFull],
      [{ path: '/f.db', bytes: 5 }, undefined, 3, true],
    );
  });

  it('has the most severe warnings first', () => {
    const warnings = [
      { code: 'a', severity: 'info' },
      { code: 'b' },
      { code: 'c', severity: 'error' },
    ] as HealthWarning[];
    assert.deepEqual(
      mostSevereFirst(warnings).map(({ code }) => code),
      ['c', 'b', 'a'],
    );
  });

  it('has figures by name', () => {
    const health = {
      'x-medkit-logs': { entries: 5, store: { path: '/x' }, names: [1, 2] },
      'x-medkit-dds': {},
      status: 'healthy',
    };
    assert.deepEqual(figureBlocks(health as unknown as HealthStatus), [
      [
        'logs',
        [
          ['entries', 5],
          ['store.path', '/x'],
          ['names', [1, 2]],
        ],
      ],
    ]);
    assert.deepEqual([212_992, 4_194_304].map(formatBufferSize), ['208 KiB', '4.0 MiB']);
  });
});
