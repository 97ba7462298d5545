import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentHealth } from '@medkit/fleet-agent';
import type { RobotAddress } from '@medkit/vda5050';
import { startProgram } from '../harness/program.ts';

export interface AgentProgramOptions {
  readonly robot: RobotAddress;
  readonly gatewayUrl: string;
  readonly brokerUrl: string;
  readonly protocol: '3.1.1' | '5';
  /** Data folder of the agent; a temporary one if absent. */
  readonly dataDir?: string;
}

/** `medkit vda5050` for a stationary robot, with short intervals. */
export interface AgentProgram {
  /** Address of its health, state and errors. */
  url(): Promise<string>;
  health(): Promise<AgentHealth>;
  /** Returns the types of the current errors. */
  errors(): Promise<readonly string[]>;
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals>;
}

export function startAgentProgram({
  robot,
  gatewayUrl,
  brokerUrl,
  protocol,
  dataDir,
}: AgentProgramOptions): AgentProgram {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-agent-'));
  const file = join(folder, 'vda5050.yaml');
  const { version, manufacturer, serialNumber: serial } = robot;
  // JSON is valid YAML.
  const config = {
    gateway: { url: gatewayUrl },
    broker: { url: brokerUrl, protocol, keepalive_s: 1 },
    robot: { version, manufacturer, serial },
    listen_s: 1,
    settle_s: 0.1,
    state_interval_s: 1,
    http: { host: '127.0.0.1', port: 0 },
    data_dir: dataDir ?? folder,
    values: {
      position: 'none',
      velocity: { vx: { value: 0 }, vy: { value: 0 }, omega: { value: 0 } },
      battery: { charge: { value: 80 }, charging: { value: false } },
      emergency_stop: { value: 'NONE' },
      field_violation: { value: false },
    },
  };
  writeFileSync(file, JSON.stringify(config));
  const program = startProgram(['vda5050', '--config', file]);
  const pages = program.printed(/Health and errors: (\S+)\/health/).then(([, url]) => url);
  // If it is killed earlier, there are no pages.
  pages.catch(() => undefined);
  const read = async (page: string): Promise<unknown> => (await fetch(`${await pages}${page}`)).json();
  return {
    url: async () => (await pages)!,
    health: async () => (await read('/health')) as AgentHealth,
    errors: async () => {
      const { errors } = (await read('/errors')) as { readonly errors: readonly { readonly errorType: string }[] };
      return errors.map(({ errorType }) => errorType);
    },
    async end(signal) {
      const code = await program.end(signal);
      rmSync(folder, { recursive: true, force: true });
      return code;
    },
  };
}
