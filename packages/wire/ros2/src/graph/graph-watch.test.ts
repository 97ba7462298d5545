import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { gid, prefix, remoteEndpoint, remoteParticipant } from '../testing/remote-endpoints.ts';
import { GraphWatch } from './graph-watch.ts';

function watchWithCount() {
  const clock = new SimulatedClock();
  const failures = { count: 0 };
  const watch = new GraphWatch({
    clock,
    onListenerFailure() {
      failures.count += 1;
    },
  });
  const appear = (participant: number) => watch.update((model) => model.setParticipant(remoteParticipant(participant)));
  return { clock, failures, watch, appear };
}

describe('watching the graph', () => {
  it('reports everything that happens within a few milliseconds as one change', () => {
    const { clock, watch, appear } = watchWithCount();
    const sizes: number[] = [];
    const stop = watch.onChange(({ participants }) => void sizes.push(participants.added.length));
    appear(1);
    clock.advance(2);
    appear(2);
    clock.advance(10);
    appear(3);
    clock.advance(10);
    assert.deepEqual(sizes, [2, 1]);
    stop();
    appear(4);
    clock.advance(10);
    assert.deepEqual(sizes, [2, 1]);
  });

  it('reports a participant with its contents, or a little later alone', () => {
    const { clock, watch, appear } = watchWithCount();
    const sizes: number[] = [];
    watch.onChange(({ participants }) => void sizes.push(participants.added.length));
    watch.updateParticipant(remoteParticipant(1));
    clock.advance(20);
    assert.deepEqual(sizes, []);
    appear(2);
    clock.advance(10);
    assert.deepEqual(sizes, [2]);
    watch.updateParticipant(remoteParticipant(3));
    clock.advance(60);
    assert.deepEqual(sizes, [2, 1]);
  });

  it('reports the endpoints of a participant with its announced nodes, or a little later alone', () => {
    const { clock, watch } = watchWithCount();
    const sizes: (readonly number[])[] = [];
    watch.onChange(({ nodes, endpoints }) => void sizes.push([nodes.added.length, endpoints.added.length]));
    const nodes = [{ namespace: '/', name: 'talker', readers: [], writers: [] }];
    watch.updateParticipant(remoteParticipant(1));
    watch.updateEndpoint(remoteEndpoint(gid(1, 0x104), 'reader', '/in'));
    clock.advance(20);
    assert.deepEqual(sizes, []);
    watch.defer((model) => model.setNodes(prefix(1), nodes));
    clock.advance(6);
    watch.updateEndpoint(remoteEndpoint(gid(1, 0x203), 'writer', '/out'));
    clock.advance(6);
    assert.deepEqual(sizes, [
      [1, 1],
      [0, 1],
    ]);
    watch.updateEndpoint(remoteEndpoint(gid(2, 0x104), 'reader', '/in'));
    clock.advance(60);
    assert.deepEqual(sizes.slice(2), [[0, 1]]);
  });

  it('applies deferred changes together with the others, before it notifies the listeners', () => {
    const { clock, watch, appear } = watchWithCount();
    const sizes: number[] = [];
    watch.onChange(({ participants }) => void sizes.push(participants.added.length));
    appear(1);
    watch.defer((model) => model.setParticipant(remoteParticipant(2)));
    clock.advance(10);
    watch.defer((model) => model.setParticipant(remoteParticipant(3)));
    assert.equal(watch.current().participants.length, 3);
    clock.advance(10);
    assert.deepEqual(sizes, [2, 1]);
  });

  it('returns the current graph, and notifies the listeners first', () => {
    const { clock, watch, appear } = watchWithCount();
    const generations: number[] = [];
    watch.onChange(({ generation }) => void generations.push(generation));
    appear(1);
    const graph = watch.current();
    assert.equal(graph.participants.length, 1);
    assert.deepEqual(generations, [graph.generation]);
    clock.advance(10);
    assert.deepEqual(generations, [graph.generation]);
    assert.equal(watch.current(), graph);
  });

  it('notifies all listeners even if one throws', () => {
    const { clock, failures, watch, appear } = watchWithCount();
    const generations: number[] = [];
    watch.onChange(() => {
      throw new Error('broken');
    });
    watch.onChange(({ generation }) => void generations.push(generation));
    appear(1);
    clock.advance(10);
    assert.deepEqual(generations, [1]);
    assert.equal(failures.count, 1);
  });
});
