import { parseArgs } from 'node:util';
import { removeDemoFolder } from './process/demo-folder.ts';
import { report } from './process/ipc.ts';
import { Lifetime } from './process/lifetime.ts';
import { runCamera } from './process/run-camera.ts';
import { gateRate, runGate } from './process/run-gate.ts';
import { runRobot } from './process/run-robot.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    domain: { type: 'string' },
    seed: { type: 'string' },
    folder: { type: 'string' },
    gate: { type: 'boolean', default: false },
    plc: { type: 'string' },
    ingest: { type: 'string' },
    key: { type: 'string' },
    rate: { type: 'string', default: '100' },
    gateway: { type: 'string', default: '' },
    broker: { type: 'string' },
  },
});

const failed = new Set<string>();
/** Prints one line per place of failure, however often it fails. */
function onFailure(where: string, error: unknown): void {
  if (lifetime.isEnding || failed.has(where)) return;
  failed.add(where);
  console.error(`medkit demo: ${where}: ${(error as Error).message}`);
}

const lifetime = new Lifetime();
lifetime.start();
try {
  const { resources } = lifetime;
  if (positionals[0] === 'camera') {
    await runCamera({ onFailure, resources });
    report({ kind: 'ready' });
  } else if (positionals[0] === 'gate') {
    const { ingest, key, rate } = values;
    await runGate({ ingest, keyFile: key, rateHz: gateRate(rate), onFailure, resources });
    report({ kind: 'ready' });
  } else if (positionals[0] === 'fleet') {
    const { domain, gateway, key, folder = '', broker } = values;
    // Loaded here, because other processes do not need these modules.
    const { runFleet } = await import('./process/run-fleet.ts');
    const onWarning = (line: string) => console.error(`medkit demo: the agent: ${line}`);
    const place = { domainId: Number(domain), gateway, tokenFile: key, folder, broker };
    report({ kind: 'ready', broker: await runFleet({ ...place, onFailure, onWarning, resources }) });
  } else {
    const { domain, seed, folder, gate, plc } = values;
    // The parent process may still use the folder, or was killed.
    resources.defer(() => {
      if (folder !== undefined && !process.connected) removeDemoFolder(folder);
    });
    const onStarting = (part: string) => report({ kind: 'starting', part });
    const place = { domainId: Number(domain), plcPort: plc === undefined ? undefined : Number(plc) };
    const robot = { ...place, seed: Number(seed), gated: gate, onFailure, onStarting, resources };
    report({ kind: 'ready', receiver: await runRobot(robot) });
  }
} catch (error) {
  const { name, message } = error as Error;
  report({ kind: 'failed', reason: name, text: message });
  lifetime.end(1);
}
