import { app, component, memoryRuntime } from '@medkit/core/testing';
import { systemFiles } from '@medkit/edges/node';
import { loadConfig, startGateway } from '@medkit/gateway';

/**
 * A gateway of an in-memory robot that stores its data in the given folder, followed by settings such as
 * `scripts.runner=plain`, until it is killed. Prints its address.
 */
const [, , folder = '', ...settings] = process.argv;
const { config } = await loadConfig({
  files: systemFiles,
  folders: { home: folder, working: folder, environment: {} },
  flags: { set: [`data_dir=${folder}`, ...settings] },
});
const robot = memoryRuntime({
  components: [component('navigation')],
  apps: [app('planner', { componentId: 'navigation' }), app('driver')],
});
const anyPort = { ...config, server: { ...config.server, port: 0 } };
const { url } = await startGateway({ config: anyPort, environment: process.env, runtimes: [robot] });
process.stdout.write(`listening ${url}\n`);
