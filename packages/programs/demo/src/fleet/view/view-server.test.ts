import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import type { FleetView } from './fleet-view.ts';
import { followFleet, NoFleetRunning } from './fleet-viewer.ts';
import { openViewServer } from './view-server.ts';

const view = (broker: string): FleetView => ({ broker, robots: [], closed: [] });

it('a viewer sees the fleet and its changes, until the fleet ends', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-fleet-'));
  const path = join(folder, 'sockets', 'fleet.sock');
  try {
    await assert.rejects(async () => await followFleet(path).next(), NoFleetRunning);
    const server = await openViewServer(path);
    server.show(view('one'));
    const viewer = followFleet(path);
    assert.deepEqual((await viewer.next()).value, view('one'));
    server.show(view('one'));
    server.show(view('two'));
    assert.deepEqual((await viewer.next()).value, view('two'), 'the same is not told twice');
    const late = followFleet(path);
    assert.deepEqual((await late.next()).value, view('two'));
    await late.return(undefined);
    await server.close();
    assert.equal((await viewer.next()).done, true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
