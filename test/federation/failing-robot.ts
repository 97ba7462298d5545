import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Program, type ProgramOptions, startProgram } from '../harness/program.ts';
import { freePort } from './free-port.ts';

export interface FailingRobot {
  readonly program: Program;
  readonly url: string;
  readonly port: number;
}

export interface FailingRobotOptions extends Pick<ProgramOptions, 'prefix' | 'env'> {
  /** Folder for its record of events. */
  readonly folder: string;
  /** Period of its fault events (default: none). */
  readonly periodMs?: number;
  readonly port?: number;
  /** Address on which it listens (default: loopback). */
  readonly host?: string;
  /** Apps declared in its manifest in addition to the app of its plugin. */
  readonly apps?: readonly string[];
}

/** Starts a gateway the way `medkit up` does, without a graph, of a robot whose faults change all the time. */
export async function startFailingRobot(options: FailingRobotOptions): Promise<FailingRobot> {
  const { folder, periodMs = 0, port = await freePort(), host = '127.0.0.1', apps = ['lamp'], prefix, env } = options;
  const manifest = `${folder}.yaml`;
  const component = 'components:\n  - id: base\n    name: Base\n';
  const declared = apps.map((id) => `  - id: ${id}\n    name: ${id}\n    is_located_on: base\n`).join('');
  writeFileSync(manifest, `manifest_version: "1.0"\n${component}apps:\n${declared}`);
  const settings = [
    ...['ros.enabled=false', 'discovery.mode=hybrid', `discovery.manifest_path=${manifest}`],
    ...['plugins=crane', `plugins.crane.path=${join(import.meta.dirname, 'failing-plugin.ts')}`],
    `plugins.crane.period_ms=${periodMs}`,
  ];
  // The network of a test has no other clients.
  const args = ['--host', host, '--insecure', '--port', String(port), '--data-dir', folder];
  return await startGateway(args, settings, { prefix, env });
}

/** Starts a gateway without entities that aggregates these, by their addresses and names. */
export async function startHeadOf(
  peers: Readonly<Record<string, string>>,
  { folder, port, prefix, env }: Pick<FailingRobotOptions, 'folder' | 'port' | 'prefix' | 'env'>,
): Promise<FailingRobot> {
  const settings = [
    ...['ros.enabled=false', 'aggregation.enabled=true'],
    `aggregation.peer_urls=${Object.values(peers)}`,
    `aggregation.peer_names=${Object.keys(peers)}`,
  ];
  return await startGateway(['--port', String(port ?? (await freePort())), '--data-dir', folder], settings, {
    prefix,
    env,
  });
}

async function startGateway(
  args: readonly string[],
  settings: readonly string[],
  options: ProgramOptions,
): Promise<FailingRobot> {
  const program = startProgram(['up', ...args, ...settings.flatMap((each) => ['--set', each])], options);
  const [, url = ''] = await program.printed(/Page +(http:\/\/[\d.]+:\d+)/, 60_000);
  return { program, url, port: Number(new URL(url).port) };
}
