import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isEntityId } from '@medkit/core';
import { type BrowsedNode, PlcRefused, type PlcScalar, type PlcSession, PlcUnreachable } from '@medkit/opcua';
import { type AutoBrowse, DEFAULT_AUTO_BROWSE } from './auto-browse.ts';
import { browsedNodes } from './browse-server.ts';
import type { NodeMap } from './node-map.ts';
import { readNodeMap } from './read-node-map.ts';
import { isRosTopic } from './ros-topic.ts';
import { fnv1aHex } from './short-name.ts';

interface Variable {
  readonly type?: string | undefined;
  readonly unit?: string;
  readonly isWritable?: boolean;
  readonly value?: PlcScalar | undefined;
}

type Below = Readonly<Record<string, readonly BrowsedNode[]>>;

const objectNode = (nodeId: string, browseName: string, displayName = browseName): BrowsedNode => ({
  nodeId,
  browseName,
  displayName,
  kind: 'object',
});
const variableNode = (nodeId: string, browseName: string, displayName = browseName): BrowsedNode => ({
  nodeId,
  browseName,
  displayName,
  kind: 'variable',
});

/** Simulates a server with the nodes `below`, and records the number and concurrency of requests. */
function serverOf(below: Below, variables: Readonly<Record<string, Variable>> = {}) {
  const requested: string[] = [];
  let underWay = 0;
  const seen = { requested, most: 0, largest: 0 };
  const session: Pick<PlcSession, 'browse' | 'describe' | 'read'> = {
    browse: async (nodeId, limit) => {
      requested.push(nodeId);
      seen.most = Math.max(seen.most, ++underWay);
      await new Promise(setImmediate);
      underWay--;
      const nodes = below[nodeId];
      if (nodes === undefined && nodeId.includes('refused')) throw new PlcRefused('no', 'BadUserAccessDenied');
      if (nodes === undefined && nodeId.includes('lost')) throw new PlcUnreachable('gone');
      return (nodes ?? []).slice(0, limit);
    },
    describe: async (nodeIds) => {
      seen.largest = Math.max(seen.largest, nodeIds.length);
      return nodeIds.map((nodeId) => {
        const { type, unit, isWritable = true } = { type: 'Double', ...variables[nodeId] };
        return { type, unit, isWritable };
      });
    },
    read: async (nodeIds) =>
      nodeIds.map((nodeId) => {
        const { value } = { value: 1, ...variables[nodeId] };
        const quality = value === undefined ? 'bad' : 'good';
        return { value, quality, status: 'Good', sourceTimeNs: undefined, receivedNs: 0n };
      }),
  };
  return { session, seen };
}

async function browsed(
  below: Below,
  options: Partial<AutoBrowse> = {},
  { variables, explicit, plcName }: { variables?: Record<string, Variable>; explicit?: NodeMap; plcName?: string } = {},
) {
  const { session, seen } = serverOf(below, variables);
  const found = await browsedNodes(session, { ...DEFAULT_AUTO_BROWSE, ...options }, explicit, {
    componentId: 'plc',
    ...(plcName === undefined ? {} : { plcName }),
  });
  return { ...found, seen, names: found.nodes.map(({ entityId, dataName }) => `${entityId}/${dataName}`) };
}

const TANK: Below = {
  'i=85': [objectNode('i=2253', 'Server'), objectNode('ns=2;s=PLC', 'PLC_1', 'PLC 1')],
  'ns=2;s=PLC': [objectNode('ns=2;s=DB', 'DB_Test', 'Test'), objectNode('ns=2;s=Empty', 'Empty')],
  'ns=2;s=DB': [variableNode('ns=2;s=Level', 'Level', 'Tank level'), variableNode('ns=2;s=On', 'On')],
  'i=2253': [variableNode('i=2258', 'CurrentTime')],
};

describe('the address space of a PLC', () => {
  it('becomes apps for its objects with variables, and read-only data for those', async () => {
    const { nodes, problems } = await browsed(
      TANK,
      {},
      {
        variables: { 'ns=2;s=Level': { unit: 'mm' }, 'ns=2;s=On': { type: 'Boolean', value: false } },
      },
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(nodes, [
      {
        nodeId: 'ns=2;s=Level',
        entityId: 'plc_1_db_test',
        entityName: 'PLC 1 / Test',
        dataName: 'level',
        displayName: 'Tank level',
        unit: 'mm',
        type: 'float',
        writable: false,
        rosTopic: '/plc/plc_1_db_test/level',
      },
      {
        nodeId: 'ns=2;s=On',
        entityId: 'plc_1_db_test',
        entityName: 'PLC 1 / Test',
        dataName: 'on',
        displayName: 'On',
        type: 'bool',
        writable: false,
        rosTopic: '/plc/plc_1_db_test/on',
      },
    ]);
  });

  it('can be written if the server allows it, but only if that is configured', async () => {
    const { nodes } = await browsed(
      TANK,
      { inferWritable: true },
      { variables: { 'ns=2;s=On': { isWritable: false } } },
    );
    assert.deepEqual(
      nodes.map(({ writable }) => writable),
      [true, false],
    );
  });

  it('shows variables of other types as texts, and those of no scalar type as JSON', async () => {
    const types = ['Boolean', 'SByte', 'UInt64', 'Float', 'String', 'DateTime', 'Guid', 'ByteString', undefined];
    const variables = Object.fromEntries(types.map((type, at) => [`ns=2;i=${at}`, { type }]));
    const { nodes } = await browsed(
      { 'i=85': types.map((_, at) => variableNode(`ns=2;i=${at}`, `v${at}`)) },
      {},
      { variables },
    );
    assert.deepEqual(
      nodes.map(({ type }) => type),
      ['bool', 'int', 'int', 'float', 'string', 'string', 'string', 'string', 'json'],
    );
    assert.equal(nodes[0]?.entityId, 'plc_root');
  });

  it('has no variables that cannot be read, unless reading is skipped', async () => {
    const variables = { 'ns=2;s=On': { value: undefined } };
    assert.deepEqual((await browsed(TANK, {}, { variables })).names, ['plc_1_db_test/level']);
    const unread = await browsed(TANK, { readInitialValues: false }, { variables });
    assert.equal(unread.nodes.length, 2);
  });

  it('is browsed in the namespaces that are not denied, or only in those that are allowed', async () => {
    const below = {
      'i=85': [variableNode('i=1', 'a'), variableNode('ns=1;i=1', 'b'), variableNode('ns=2;i=1', 'c')],
    };
    assert.deepEqual((await browsed(below)).names, ['plc_root/b', 'plc_root/c']);
    assert.deepEqual((await browsed(below, { namespaceDeny: [0, 2] })).names, ['plc_root/b']);
    assert.deepEqual((await browsed(below, { namespaceAllow: [0, 2] })).names, ['plc_root/a', 'plc_root/c']);
  });

  it('is walked once, however its objects reference each other', async () => {
    const below: Below = {
      'i=85': [objectNode('ns=2;s=A', 'A'), objectNode('ns=2;s=B', 'B')],
      'ns=2;s=A': [objectNode('ns=2;s=B', 'B'), objectNode('ns=2;s=A', 'A'), variableNode('ns=2;s=V', 'V')],
      'ns=2;s=B': [objectNode('ns=2;s=A', 'A'), variableNode('ns=2;s=V', 'V'), variableNode('ns=2;s=W', 'W')],
    };
    const { names, seen } = await browsed(below, { rootNodes: ['i=85', 'ns=2;s=A', 'i=85'] });
    assert.deepEqual(seen.requested.toSorted(), ['i=85', 'ns=2;s=A', 'ns=2;s=B']);
    assert.deepEqual(names, ['plc_root/v', 'b/w']);
  });

  it('is not walked deeper than configured, with a problem that says so', async () => {
    const deep: Below = {
      'i=85': [objectNode('ns=2;i=1', 'l1')],
      'ns=2;i=1': [objectNode('ns=2;i=2', 'l2'), variableNode('ns=2;i=11', 'v')],
      'ns=2;i=2': [variableNode('ns=2;i=12', 'v')],
    };
    const cut = await browsed(deep, { maxDepth: 1 });
    assert.deepEqual(cut.names, ['l1/v']);
    assert.match(cut.problems.join(), /more than 1 levels deep .*max_depth/);
    const whole = await browsed(deep, { maxDepth: 2 });
    assert.deepEqual([whole.names, whole.problems], [['l1/v', 'l1_l2/v'], []]);
  });

  it('is not walked beyond the configured number of nodes, with a problem that says so', async () => {
    const many = { 'i=85': Array.from({ length: 10 }, (_, at) => variableNode(`ns=2;i=${at}`, `v${at}`)) };
    const cut = await browsed(many, { maxNodes: 9 });
    assert.equal(cut.nodes.length, 9);
    assert.match(cut.problems.join(), /first 9 nodes .*max_nodes/);
    const whole = await browsed(many, { maxNodes: 10 });
    assert.deepEqual([whole.nodes.length, whole.problems], [10, []]);
  });

  it('is browsed with few requests at a time, and not all in one request', async () => {
    const objects = Array.from({ length: 20 }, (_, at) => objectNode(`ns=2;s=o${at}`, `o${at}`));
    const variables = Array.from({ length: 600 }, (_, at) => variableNode(`ns=2;i=${at}`, `v${at}`));
    const { nodes, seen } = await browsed({ 'i=85': [...objects, ...variables] });
    assert.equal(nodes.length, 600);
    assert.ok(seen.most <= 4);
    assert.equal(seen.largest, 250);
  });

  it('leaves out nodes that the server refuses, with a problem, and ends when the session is lost', async () => {
    const below: Below = { 'i=85': [objectNode('ns=2;s=refused', 'R'), variableNode('ns=2;s=V', 'V')] };
    const { names, problems } = await browsed(below);
    assert.deepEqual(names, ['plc_root/v']);
    assert.match(problems[0] ?? '', /below ns=2;s=refused are ignored/);
    await assert.rejects(browsed({ 'i=85': [objectNode('ns=2;s=lost', 'L')] }), PlcUnreachable);
  });
});

describe('the names of browsed nodes', () => {
  it('have a hash of the node id if they are equal, independent of the order in which they are listed', async () => {
    const lines = [
      objectNode('ns=2;s=b', 'Line.A'),
      objectNode('ns=2;s=a', 'Line_A'),
      objectNode('ns=2;s=c', 'Line_A_2'),
    ];
    const hash = (nodeId: string) => fnv1aHex(nodeId).toLowerCase();
    for (const children of [lines, lines.toReversed()]) {
      const { nodes } = await browsed({
        'i=85': children,
        'ns=2;s=a': [variableNode('ns=2;i=1', 'v')],
        'ns=2;s=b': [variableNode('ns=2;i=2', 'v'), variableNode('ns=2;i=4', 'V')],
        'ns=2;s=c': [variableNode('ns=2;i=3', 'v')],
      });
      const names = Object.fromEntries(
        nodes.map(({ nodeId, entityId, dataName }) => [nodeId, `${entityId}/${dataName}`]),
      );
      const [a, b] = [`line_a_${hash('ns=2;s=a')}`, `line_a_${hash('ns=2;s=b')}`];
      assert.deepEqual(names, {
        'ns=2;i=1': `${a}/v`,
        'ns=2;i=2': `${b}/v_${hash('ns=2;i=2')}`,
        'ns=2;i=3': 'line_a_2/v',
        'ns=2;i=4': `${b}/v_${hash('ns=2;i=4')}`,
      });
    }
  });

  it('never resolve to another node when nodes are added, or cannot be read for a while', async () => {
    const axes = ['ns=2;s=m', 'ns=2;s=x', 'ns=2;s=a', 'ns=2;s=t'];
    const seen = new Map<string, string>();
    const look = async (ids: readonly string[], unreadable: readonly string[] = []) => {
      const below = Object.fromEntries(
        ids.map((id) => [id, [variableNode(`${id}.p`, 'Pos'), variableNode(`${id}.q`, 'pos')]]),
      );
      const variables = Object.fromEntries(unreadable.map((id) => [id, { value: undefined }]));
      const objects = ids.map((id, at) => objectNode(id, at % 2 === 0 ? 'Axis +' : 'Axis -'));
      const { nodes } = await browsed({ 'i=85': objects, ...below }, {}, { variables });
      for (const { nodeId, entityId, dataName, rosTopic } of nodes) {
        for (const name of [`${entityId}/${dataName}`, rosTopic]) {
          assert.equal(seen.get(name) ?? nodeId, nodeId, name);
          seen.set(name, nodeId);
        }
      }
    };
    for (const count of [1, 2, 3, 4]) await look(axes.slice(0, count));
    await look(axes, ['ns=2;s=m.p', 'ns=2;s=x.p', 'ns=2;s=x.q']);
    await look(axes.toReversed(), ['ns=2;s=m.q', 'ns=2;s=a.p']);
  });

  it('are ids and topics, whatever the server calls them', async () => {
    const odd = ['', '1st', 'Füll-stand (mm)', '../..', 'a-b', 'a_b', 'x'.repeat(5000), '\u0000\n'];
    const below = Object.fromEntries(
      odd.map((name, at) => [
        `ns=2;s=o${at}`,
        [variableNode(`ns=2;i=${at}`, name), variableNode(`ns=3;i=${at}`, name)],
      ]),
    );
    const { nodes } = await browsed({ 'i=85': odd.map((name, at) => objectNode(`ns=2;s=o${at}`, name)), ...below });
    assert.equal(nodes.length, 2 * odd.length);
    for (const { entityId, dataName, rosTopic, displayName } of nodes) {
      assert.ok(isEntityId(entityId) && isEntityId(dataName) && isRosTopic(rosTopic), entityId);
      assert.ok(displayName.length <= 256 && !/\p{Cc}/u.test(displayName));
    }
    assert.equal(new Set(nodes.map(({ rosTopic }) => rosTopic)).size, nodes.length);
    assert.ok(nodes.some(({ entityId }) => entityId === '_1st'));
    assert.ok(nodes.some(({ entityId }) => entityId === 'a-b'));
  });

  it('start with the name of the PLC if there are several', async () => {
    const { nodes } = await browsed(TANK, {}, { plcName: 'press-1' });
    const [node] = nodes;
    assert.deepEqual(
      [node?.entityId, node?.entityName, node?.rosTopic],
      ['press-1_plc_1_db_test', 'press-1 / PLC 1 / Test', '/plc/press_1_plc_1_db_test/level'],
    );
  });

  it('leave out nodes that the map has', async () => {
    const { map } = readNodeMap(
      `nodes:
  - {node_id: "ns=2;s=Level", entity_id: tank, data_name: level}
  - {node_id: "ns=2;s=Else", entity_id: plc_1_db_test, data_name: on}`,
      { file: 'f' },
    );
    assert.deepEqual((await browsed(TANK, {}, { explicit: map })).names, [
      `plc_1_db_test/on_${fnv1aHex('ns=2;s=On').toLowerCase()}`,
    ]);
  });
});
