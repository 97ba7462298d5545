import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { LogQuery, LogScope } from '@medkit/core';
import { app } from '@medkit/core/testing';
import { systemHttpClient } from '@medkit/edges/node';
import { type PluginRun, runPlugin } from '@medkit/plugin/testing';
import { lokiPlugin } from './loki-plugin.ts';
import { type LokiServer, startLoki } from './testing/loki-server.ts';

const plugin = lokiPlugin({ http: systemHttpClient, machineName: 'amr-7' });
const LIDAR: LogScope = { sources: ['/front/lidar'], namespaces: [] };
const ALL: LogScope = { sources: [], namespaces: ['/'] };
const apps = [
  app('lidar_front', { node: '/front/lidar', address: { runtime: 'ros2', nativeId: '/front/lidar' } }),
  app('camera', { node: '/front/camera', address: { runtime: 'ros2', nativeId: '/front/camera' } }),
  app('lidar', { node: '/lidar', address: { runtime: 'ros2', nativeId: '/lidar' } }),
];

for (const isolated of [false, true]) {
  describe(`logs from Loki, ${isolated ? 'by a separate process' : 'within the gateway'}`, () => {
    let loki: LokiServer;
    let run: PluginRun;
    /** Returns nanoseconds since the epoch, `ms` milliseconds ago. */
    const ago = (ms: number) => BigInt(Math.floor(run.clock.wallMs()) - ms) * 1_000_000n;

    /** Stores lines as written by the log exporter: entity, logger, severity, milliseconds ago, message. */
    const push = async (...logged: readonly (readonly [string, string, string, number, string])[]) => {
      const streams = logged.map(([entity, logger, severity, ms, message], at) => ({
        stream: { robot: 'amr-7', entity, severity, site: 'hall_3' },
        values: [[String(ago(ms)), JSON.stringify({ message, logger, id: `log_${at}`, boot_id: 'b', file: 'a.cpp' })]],
      }));
      const request = { method: 'POST' as const, headers: {}, timeoutMs: 5000, body: JSON.stringify({ streams }) };
      const { status } = await systemHttpClient.send({ ...request, url: `${loki.url}/loki/api/v1/push` });
      assert.equal(status, 204);
    };
    const list = (scope: LogScope, more: Partial<LogQuery> = {}) =>
      run.logs!.list('/', scope, { minimum: 'debug', context: '', limit: 100, ...more }, run.call());
    const messages = async (...args: Parameters<typeof list>) => (await list(...args)).map(({ message }) => message);
    const open = async (options: Readonly<Record<string, unknown>> = {}) => {
      run = await runPlugin(plugin, { options: { url: loki.url, ...options }, entities: { apps }, isolated });
    };

    beforeEach(async () => {
      loki = await startLoki();
    });
    afterEach(async () => {
      await run.stop();
      await loki[Symbol.asyncDispose]();
    });

    it('are those of the requested entities, whichever program stored them, the oldest first', async () => {
      await open();
      await push(
        ['lidar_front', 'front.lidar', 'error', 3000, 'no beam'],
        ['lidar_front', 'front.lidar.rclcpp', 'info', 5000, 'child'],
        ['lidar', 'lidar', 'info', 4000, 'another lidar'],
        ['camera', 'front.camera', 'info', 2000, 'frame'],
        ['front.lost', 'front.lost', 'warning', 1000, 'nobody'],
        ['frontier', 'frontier', 'info', 900, 'not below'],
      );
      assert.deepEqual(await messages(LIDAR), ['child', 'no beam']);
      const [, entry] = await list(LIDAR);
      assert.deepEqual(entry, {
        sequence: Number(ago(3000) / 1000n),
        timestampNs: ago(3000),
        severity: 'error',
        logger: 'front.lidar',
        message: 'no beam',
        file: 'a.cpp',
      });
      const area = { sources: ['/lidar', 'medkit.area.front'], namespaces: ['/front'] };
      assert.deepEqual(await messages(area), ['child', 'another lidar', 'no beam', 'frame', 'nobody']);
      assert.equal((await messages(ALL)).length, 6);
      assert.deepEqual(await messages(ALL, { limit: 2 }), ['nobody', 'not below'], 'the newest');
      assert.deepEqual(await messages({ sources: ['/fro.*'], namespaces: [] }), [], 'no name is a pattern');
    });

    it('are filtered by severity and by the name of the logger', async () => {
      await open();
      await push(
        ['lidar_front', 'front.lidar', 'error', 3000, 'no beam'],
        ['camera', 'front.camera', 'warning', 2000, 'dark'],
        ['camera', 'front.camera', 'debug', 1000, 'frame'],
      );
      assert.deepEqual(await messages(ALL, { minimum: 'warning' }), ['no beam', 'dark']);
      assert.deepEqual(await messages(ALL, { context: '/front/cam', minimum: 'info' }), ['dark']);
      assert.deepEqual(await messages(ALL, { context: 't.c' }), ['dark', 'frame']);
      assert.deepEqual(await messages(ALL, { context: 'x.*' }), []);
      assert.equal(
        loki.requests[0]?.[1]['query'],
        '{robot="amr-7", severity=~"warning|error|fatal"}',
        'labels do what they can',
      );
    });

    it('are followed by number or time, without losing lines that reach Loki late', async () => {
      await open({ settle_ms: 2000 });
      await push(['camera', 'front.camera', 'info', 9000, 'a'], ['camera', 'front.camera', 'info', 8000, 'b']);
      await push(['lidar', 'lidar', 'info', 8000, 'of the same moment'], ['lidar', 'lidar', 'info', 1000, 'fresh']);
      const [first] = await list(ALL, { limit: 1, after: { timestampNs: ago(10_000) } });
      assert.equal(first?.message, 'a');
      const rest = await list(ALL, { after: { sequence: first?.sequence ?? 0 } });
      assert.deepEqual(rest.map(({ message }) => message).sort(), ['b', 'of the same moment']);
      assert.equal(new Set(rest.map(({ sequence }) => sequence)).size, 2);
      assert.deepEqual(await messages(ALL, { after: { sequence: rest[1]?.sequence ?? 0 } }), [], 'too fresh yet');
      await push(['camera', 'front.camera', 'info', 1500, 'late']);
      await run.advance(2000);
      assert.deepEqual(await messages(ALL, { after: { sequence: rest[1]?.sequence ?? 0 } }), ['late', 'fresh']);
      assert.deepEqual(await messages(ALL, { after: { timestampNs: 0n }, limit: 1 }), ['a']);
    });

    it('end before or at a number or a time: the newest ones before it, newest first, or the ones up to it', async () => {
      await open();
      await push(['camera', 'c', 'info', 4000, 'a'], ['camera', 'c', 'info', 3000, 'b']);
      await push(['camera', 'c', 'info', 2000, 'c'], ['camera', 'c', 'info', 1000, 'd']);
      const [, second, third] = await list(ALL, { limit: 4 });
      const places = { second: { sequence: second?.sequence ?? 0 }, third: { sequence: third?.sequence ?? 0 } };
      assert.deepEqual(await messages(ALL, { until: places.second }), ['a', 'b']);
      assert.deepEqual(await messages(ALL, { until: { timestampNs: third?.timestampNs ?? 0n }, limit: 2 }), ['b', 'c']);
      assert.deepEqual(await messages(ALL, { before: places.third, limit: 1 }), ['b']);
      assert.deepEqual(await messages(ALL, { before: { timestampNs: second?.timestampNs ?? 0n } }), ['a']);
      assert.deepEqual(await messages(ALL, { after: { timestampNs: 0n }, before: places.third, limit: 1 }), ['b']);
      assert.deepEqual(await messages(ALL, { after: { timestampNs: 0n }, until: places.third, limit: 2 }), ['a', 'b']);
    });

    it('are not searched further back than configured, nor in larger pages than Loki gives', async () => {
      await open({ hours: 1, max_entries: 2 });
      await push(['camera', 'c', 'info', 4_000_000, 'old'], ['camera', 'c', 'info', 3_000_000, 'a']);
      await push(['camera', 'c', 'info', 2_000_000, 'b'], ['camera', 'c', 'info', 1_000_000, 'c']);
      assert.deepEqual(await messages(ALL, { limit: 10_000 }), ['b', 'c']);
      assert.deepEqual(await messages(ALL, { after: { timestampNs: 1n } }), ['a', 'b']);
    });

    it('can be of more entities than fit into one URL', async () => {
      await open();
      await push(['camera', 'front.camera', 'info', 1000, 'frame']);
      const sources = Array.from({ length: 500 }, (_, n) => `/node_${n}`);
      assert.deepEqual(await messages({ sources: [...sources, '/front/camera'], namespaces: [] }), ['frame']);
      assert.equal(loki.requests[0]?.[0], 'POST');
    });

    it('of other programs are returned unchanged', async () => {
      await open({ robot: 'other' });
      const stream = { robot: 'other', entity: 'syslog', severity: 'strange' };
      const body = JSON.stringify({ streams: [{ stream, values: [[String(ago(10)), '{"oom": killed']] }] });
      await systemHttpClient.send({
        ...{ method: 'POST', url: `${loki.url}/loki/api/v1/push`, headers: {}, timeoutMs: 5000, body },
      });
      const [entry] = await list(ALL);
      assert.deepEqual([entry?.logger, entry?.severity, entry?.message], ['syslog', 'info', '{"oom": killed']);
    });

    it('are unavailable if they cannot be read, and health gives the reason', async () => {
      await open({ headers: ['X-Scope-OrgID: robots'] });
      loki.refuse(401, 'no org id\nor a wrong one');
      const message = `Loki at ${loki.url} cannot be read: HTTP 401: no org id or a wrong one`;
      await assert.rejects(list(ALL), { status: 503, message });
      const { warnings } = await run.health();
      assert.deepEqual(
        warnings.map(({ code, message }) => [code, message]),
        [['loki_unreadable', message]],
      );
      loki.refuse(200, '{"status":"success","data":{"resultType":"matrix","result":[]}}');
      await assert.rejects(list(ALL), /no log streams/);
      loki.refuse(200, '{"status":');
      await assert.rejects(list(ALL), { status: 503 });
    });
  });
}

it('are not read if the URL is invalid: the plugin is left out, and its log contains no password', async () => {
  for (const url of ['loki:3100', 'file:///etc/passwd', 'http://user:secret@loki:3100']) {
    const run = await runPlugin(plugin, { options: { url } });
    assert.equal(run.state(), 'left out');
    assert.equal(run.logged.join().includes('secret'), false);
    await run.stop();
  }
});
