import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type DataProvider, type DataSample, openModel } from '@medkit/core';
import { app, fault, memoryFaults, memoryRuntime } from '@medkit/core/testing';
import { systemClock } from '@medkit/edges/node';
import { listen } from '../packages/gateway/src/listen.ts';
import { testConfig } from '../packages/gateway/src/testing/test-gateway.ts';
import { testServer } from '../packages/gateway/src/testing/test-server.ts';

/**
 * A gateway of an in-memory robot with the built pages, many values that change ten times a second, and many faults;
 * and the calibrator, a page that contains only a heading.
 */
const HOST = '127.0.0.1';
const PERIOD_MS = 100;
const [values = 0, faults = 0] = process.argv.slice(2).map(Number);

const names = Array.from({ length: values }, (_none, at) => `joint_${String(at).padStart(4, '0')}`);
const listeners = new Map<string, (sample: DataSample) => void | Promise<void>>();
const robot = memoryRuntime({
  apps: [app('arm_driver', { node: '/arm', address: { runtime: 'memory', nativeId: '/arm' } })],
  data: { '/arm': Object.fromEntries(names.map((name, at) => [`/${name}`, { value: { data: at } }])) },
  providers: {
    faults: memoryFaults({
      faults: Array.from({ length: faults }, (_none, at) =>
        fault(`FAULT_${String(at).padStart(5, '0')}`, { description: `what was wrong the ${at}th time` }),
      ),
    }),
  },
});
const { data } = robot.providers;
const watchable: DataProvider = {
  ...data!,
  watch: async (_nativeId, dataId, onSample) => {
    listeners.set(dataId, onSample);
    return { close: async () => void listeners.delete(dataId) };
  },
};
const runtime = { ...robot, providers: { ...robot.providers, data: watchable } };
const log = (): void => undefined;
const model = await openModel({ runtimes: [runtime], clock: systemClock, log });
const gateway = await testServer({
  config: await testConfig(),
  model,
  clock: systemClock,
  log,
  pagesFolder: join(import.meta.dirname, '..', 'packages', 'programs', 'web', 'dist'),
});
const port = await listen(gateway, { host: HOST, port: 0, clock: systemClock });

setInterval(() => {
  const timestampNs = systemClock.wallNs();
  for (const listener of listeners.values()) void listener({ value: { data: Math.random() }, timestampNs });
}, PERIOD_MS);

const baseline = createServer((_request, response) => {
  response.setHeader('content-type', 'text/html').end('<!DOCTYPE html><title>bare</title><h1>bare</h1>');
});
await new Promise<void>((resolve) => baseline.listen(0, HOST, resolve));
process.on('disconnect', () => process.exit(0));
process.send?.({
  gateway: `http://${HOST}:${port}`,
  baseline: `http://${HOST}:${(baseline.address() as AddressInfo).port}`,
});
