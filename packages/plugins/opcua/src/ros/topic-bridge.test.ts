import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PlcReading } from '@medkit/opcua';
import type { RosAccess } from '@medkit/plugin';
import type { MappedNode } from '../node-map/node-map.ts';
import type { Plc } from '../plc/plc.ts';
import { openTopicBridge } from './topic-bridge.ts';

const nodeOf = (name: string, node: Partial<MappedNode> = {}): MappedNode => ({
  nodeId: `ns=2;s=${name}`,
  entityId: 'tank',
  dataName: name,
  displayName: name,
  type: 'float',
  writable: false,
  rosTopic: `/plc/tank/${name}`,
  ...node,
});
const readingOf = (value: PlcReading['value'], quality: PlcReading['quality'] = 'good'): PlcReading => ({
  value,
  quality,
  status: 'Good',
  sourceTimeNs: undefined,
  receivedNs: 0n,
});

const plcOf = (...nodes: readonly MappedNode[]): Plc => ({ nodes }) as unknown as Plc;

/** Opens a bridge on a fake graph, and records the topics and what is published. */
async function opened({
  unheard = [],
  refused = [],
}: {
  unheard?: readonly string[];
  refused?: readonly string[];
} = {}) {
  const topics: string[] = [];
  const published: string[] = [];
  const lines: string[] = [];
  const node = {
    publisher: async (topic: string, type: string) => {
      await new Promise(setImmediate);
      if (refused.includes(topic)) throw new Error('the node is closed');
      topics.push(`${topic} ${type}`);
      return {
        topic,
        isUnheard: () => unheard.includes(topic),
        publish: async ({ data }: { data: number }) => void published.push(`${topic} ${data}`),
      };
    },
    close: async () => undefined,
  };
  const bridge = await openTopicBridge({ node: async () => node } as unknown as RosAccess, (_, text) => {
    lines.push(text);
  });
  return { bridge, topics, published, lines };
}

describe('the values of a PLC in the ROS graph', () => {
  it('are published on the topic of each number and boolean, and not if they are texts or bad', async () => {
    const { bridge, topics, published } = await opened();
    const plc = plcOf(
      nodeOf('level'),
      nodeOf('on', { type: 'bool', rosTopic: '/x' }),
      nodeOf('name', { type: 'string' }),
    );
    await bridge.cover(plc);
    assert.deepEqual(topics, ['/plc/tank/level std_msgs/msg/Float32', '/x std_msgs/msg/Float32']);
    assert.deepEqual(
      plc.nodes.map((node) => bridge.isPublished(plc, node)),
      [true, true, false],
    );
    bridge.take(plc, [
      ['ns=2;s=level', readingOf(480.5)],
      ['ns=2;s=level', readingOf(7, 'bad')],
      ['ns=2;s=level', readingOf(undefined)],
      ['ns=2;s=level', readingOf('full')],
      ['ns=2;s=level', readingOf(7n, 'uncertain')],
      ['ns=2;s=on', readingOf(true)],
      ['ns=2;s=name', readingOf('x')],
      ['ns=2;s=other', readingOf(1)],
    ]);
    assert.deepEqual(published, ['/plc/tank/level 480.5', '/plc/tank/level 7', '/x 1']);
  });

  it('are not encoded while their topic has no subscriber', async () => {
    const { bridge, published } = await opened({ unheard: ['/plc/tank/level'] });
    const plc = plcOf(nodeOf('level'));
    await bridge.cover(plc);
    bridge.take(plc, [['ns=2;s=level', readingOf(1)]]);
    assert.deepEqual(published, []);
  });

  it('have one topic each, even if a PLC connects and disconnects while they are opened', async () => {
    const { bridge, topics } = await opened();
    const plc = plcOf(nodeOf('level'), nodeOf('on'));
    await Promise.all([bridge.cover(plc), bridge.cover(plc)]);
    assert.equal(topics.length, 2);
  });

  it('of each PLC are on separate topics, even if two have the same node ids', async () => {
    const { bridge, published } = await opened();
    const [north, south] = ['/north', '/south'].map((rosTopic) => plcOf(nodeOf('level', { rosTopic })));
    await bridge.cover(north!);
    await bridge.cover(south!);
    bridge.take(south!, [['ns=2;s=level', readingOf(1)]]);
    bridge.take(north!, [['ns=2;s=level', readingOf(2)]]);
    assert.deepEqual(published, ['/south 1', '/north 2']);
  });

  it('are a thousand topics at most, with one warning', async () => {
    const { bridge, topics, lines } = await opened();
    const many = plcOf(...Array.from({ length: 1001 }, (_, at) => nodeOf(`v${at}`)));
    await bridge.cover(many);
    await bridge.cover(many);
    assert.deepEqual([topics.length, lines.length], [1000, 1]);
  });

  it('have no topic if the node refuses it, which is logged, and is tried again the next time', async () => {
    const refused = ['/plc/tank/level'];
    const { bridge, topics, lines } = await opened({ refused });
    const plc = plcOf(nodeOf('level'));
    await bridge.cover(plc);
    assert.deepEqual(lines, ['Cannot create a publisher for /plc/tank/level: the node is closed']);
    refused.length = 0;
    await bridge.cover(plc);
    assert.equal(topics.length, 1);
  });
});
