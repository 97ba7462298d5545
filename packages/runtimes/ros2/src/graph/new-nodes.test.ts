import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callContext } from '@medkit/core';
import { SimulatedClock } from '@medkit/edges/testing';
import { rosNode } from '../testing/fake-ros.ts';
import { NewNodes, SETTLING_MS } from './new-nodes.ts';

function scene() {
  const clock = new SimulatedClock();
  const nodes = new Map([['/old', rosNode('/old')]]);
  const newNodes = new NewNodes({ view: { nodes }, clock });
  const appear = (fqn: string, participant = 'p1'): void => {
    const node = rosNode(fqn, [participant]);
    newNodes.graphChanged({ nodes: { added: [node], removed: [] } });
    nodes.set(fqn, node);
  };
  const call = (timeoutMs = 10_000, signal?: AbortSignal) =>
    callContext({ clock, timeoutMs, ...(signal && { signal }) });
  return { clock, newNodes, appear, call };
}

describe('a resource of a node', () => {
  it('is waited for while the node is new', async () => {
    const { clock, newNodes, appear, call } = scene();
    let service: string | undefined;
    appear('/robot');
    const found = newNodes.find('/robot', call(), () => service);
    await clock.advanceAsync(400, 100);
    service = '/robot/home';
    appear('/other');
    assert.equal(await found, '/robot/home');
    assert.ok(clock.monotonicMs() < SETTLING_MS);
    assert.equal(clock.timers, 0);
  });

  it('does not exist if the node has been present for a while, or never was', async () => {
    const { clock, newNodes, appear, call } = scene();
    assert.equal(await newNodes.find('/old', call(), () => undefined), undefined);
    assert.equal(await newNodes.find('/nobody', call(), () => undefined), undefined);
    appear('/robot');
    const found = newNodes.find('/robot', call(), () => undefined);
    await clock.advanceAsync(SETTLING_MS, 100);
    assert.equal(await found, undefined);
    // Later announcements do not make a node new; another process does.
    appear('/robot');
    assert.equal(newNodes.settlingMs('/robot'), 0);
    appear('/robot', 'p2');
    assert.equal(newNodes.settlingMs('/robot'), SETTLING_MS);
  });

  it('is waited for no longer than the call has time', async () => {
    const { clock, newNodes, appear, call } = scene();
    appear('/robot');
    const found = newNodes.find('/robot', call(300), () => undefined);
    await clock.advanceAsync(300, 50);
    assert.equal(await found, undefined);
  });
});
