import { app, component, memoryRuntime } from '@medkit/core/testing';
import { systemFiles } from '@medkit/edges/node';
import { loadConfig, startGateway } from '@medkit/gateway';

/**
 * A gateway of an in-memory robot that stores its data in the given folder, with these settings, until it is killed or
 * asked to stop. Prints its address.
 */
const [, , folder = '', ...settings] = process.argv;
const { config } = await loadConfig({
  files: systemFiles,
  folders: { home: folder, working: folder, environment: {} },
  flags: { set: [`data_dir=${folder}`, 'server.port=0', ...settings] },
});
const robot = memoryRuntime({
  components: [component('navigation')],
  apps: [app('planner', { componentId: 'navigation' }), app('driver')],
});
const gateway = await startGateway({ config, environment: {}, runtimes: [robot] });
process.stdout.write(`listening ${gateway.url}\n`);
process.on('SIGTERM', () => void gateway.close().then(() => process.exit()));
