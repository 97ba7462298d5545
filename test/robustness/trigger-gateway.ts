import { app, memoryRuntime } from '@medkit/core/testing';
import { systemFiles } from '@medkit/edges/node';
import { loadConfig, startGateway } from '@medkit/gateway';

/**
 * A gateway of an in-memory robot that stores its data in the given folder, followed by settings such as
 * `webhooks.enabled=false`, until it is killed. Values written to its data arrive as if the robot had published them.
 * Prints its address.
 */
const [, , folder = '', ...settings] = process.argv;
const { config } = await loadConfig({
  files: systemFiles,
  folders: { home: folder, working: folder, environment: {} },
  flags: { set: [`data_dir=${folder}`, ...settings] },
});
const robot = memoryRuntime({
  apps: [app('battery_monitor', { address: { runtime: 'memory', nativeId: 'battery' } })],
  data: { battery: { voltage: {} } },
});
const data = robot.providers.data!;
const echoing: typeof data = {
  ...data,
  write: async (nativeId, dataId, write, call) => {
    const written = await data.write(nativeId, dataId, write, call);
    robot.publish(nativeId, dataId, write.value);
    return written;
  },
};
const anyPort = { ...config, server: { ...config.server, port: 0 } };
const runtimes = [{ ...robot, providers: { ...robot.providers, data: echoing } }];
const { url } = await startGateway({ config: anyPort, environment: {}, runtimes });
process.stdout.write(`listening ${url}\n`);
