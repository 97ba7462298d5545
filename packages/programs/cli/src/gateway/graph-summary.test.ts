import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatewayOf } from '../testing/gateway-of.ts';
import { summariseGraph, summaryLines } from './graph-summary.ts';

const URL = 'http://127.0.0.1:8080';
const online = { 'x-medkit': { is_online: true } };
const offline = { 'x-medkit': { is_online: false } };
const items = (...ids: string[]) => ({ items: ids.map((id) => ({ id })) });

test('nodes and topics are counted, apps of a manifest only if their nodes are online, a shared topic once', async () => {
  const summary = await summariseGraph(
    gatewayOf({
      '/apps': {
        items: [
          { ...offline, id: 'arm' },
          { ...online, id: 'lidar' },
          { ...online, id: 'camera' },
        ],
      },
      '/health': { warnings: [] },
      '/components': items('host', 'island'),
      '/components/host/data': items('/scan', '/odom'),
      '/components/island/data': items('/scan'),
    }),
  );
  assert.deepEqual(summaryLines(summary, URL), [
    'Discovered 2 nodes and 2 topics. Try:',
    '  curl http://127.0.0.1:8080/api/v1/apps/lidar/data',
  ]);
});

test('without a graph apps are not counted as nodes, and no node is waited for', async () => {
  const summary = await summariseGraph(
    gatewayOf({ '/apps': { items: [{ ...online, id: 'plc' }] }, '/health': { warnings: [] }, '/components': items() }),
  );
  assert.deepEqual(summaryLines(summary, URL, false), [
    'Serving 1 app. Try:',
    '  curl http://127.0.0.1:8080/api/v1/apps/plc/data',
  ]);
  const nothing = await summariseGraph(gatewayOf({ '/apps': items(), '/health': { warnings: [] } }));
  assert.deepEqual(summaryLines(nothing, URL, false), ['No plugin and no manifest provides an app that is online.']);
});

test('without any node, the reasons are shown', async () => {
  const summary = await summariseGraph(
    gatewayOf({ '/apps': items(), '/health': { warnings: [{ message: 'The domain \u001b[2Jis empty.' }] } }),
  );
  assert.deepEqual(summaryLines(summary, URL), [
    'No node discovered yet. Nodes that start later appear automatically.',
    '  - The domain  [2Jis empty.',
  ]);
});
