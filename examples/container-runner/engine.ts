import type { ScriptFormat, ScriptJob } from '@medkit/core';
import Type from 'typebox';

export const EngineOptions = Type.Object(
  {
    engine: Type.Array(Type.String(), {
      default: ['docker'],
      minItems: 1,
      description:
        'The program, `docker` or `podman`, and what comes before its commands: `[docker, --host, ssh://dock]`',
    }),
    image: Type.String({ default: 'debian:stable-slim', description: 'Has `sh` and `bash`' }),
    python_image: Type.String({ default: 'python:3-slim', description: 'Has `python3`' }),
    network: Type.String({ default: 'none', description: '`host` for ROS and ping' }),
    memory_mb: Type.Integer({ default: 256, minimum: 16, description: 'Memory of a script' }),
    processes: Type.Integer({ default: 64, minimum: 4, description: 'Processes of a script at a time' }),
    user: Type.String({ default: '', description: '`uid:gid` inside; that of the gateway unless given' }),
    more: Type.Array(Type.String(), {
      default: [],
      description: 'Further words of `run`: `[--device=/dev/ttyUSB0]`, `[--userns=keep-id]` for Podman without root',
    }),
    folder: Type.String({ default: '', description: 'Where scripts lie while they run; the engine has to see it' }),
    label: Type.String({
      default: 'medkit',
      pattern: '^[A-Za-z0-9_.-]+$',
      description: 'Distinguishes the containers of this gateway from those of another on the same engine',
    }),
    entities: Type.Array(Type.String(), { default: [], description: 'Whose scripts: ids and globs; none is all' }),
  },
  { additionalProperties: false },
);
export type EngineOptions = Type.Static<typeof EngineOptions>;

const INTERPRETERS: Readonly<Record<ScriptFormat, string>> = { sh: 'sh', bash: 'bash', python: 'python3' };

/** Path of the script in the container. */
const INSIDE = '/script';

/** Arguments that run a job: `file` contains the script, `user` is an account that can read it. */
export function runArguments(
  options: EngineOptions,
  job: ScriptJob,
  { file, user }: { readonly file: string; readonly user: string },
): readonly string[] {
  const { network, memory_mb, processes, label, more } = options;
  const { format, args, environment } = job;
  return [
    ...['run', '--rm', '--init', '--interactive', '--name', nameOf(job.id), '--label', `medkit.runner=${label}`],
    ...['--network', network, '--memory', `${memory_mb}m`, '--pids-limit', String(processes)],
    ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--user', options.user || user],
    ...['--read-only', '--tmpfs', '/tmp', '--workdir', '/tmp', '--env', 'HOME=/tmp'],
    ...['--mount', `type=bind,src=${file},dst=${INSIDE},readonly`],
    ...Object.entries(environment).flatMap(([name, value]) => [
      '--env',
      isGatewayVariable(name) ? name : `${name}=${value}`,
    ]),
    ...more,
    format === 'python' ? options.python_image : options.image,
    ...[INTERPRETERS[format], INSIDE, ...args],
  ];
}

/** Variables that the engine takes from its environment: parameters must not be visible in the process list. */
export function engineVariables({ environment }: ScriptJob): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => isGatewayVariable(name)));
}

function isGatewayVariable(name: string): boolean {
  return name.startsWith('MEDKIT_');
}

export function killArguments(jobId: string, signal: 'TERM' | 'KILL'): readonly string[] {
  return ['kill', '--signal', signal, nameOf(jobId)];
}

/** Lists containers that this gateway has left behind. */
export function leftoverArguments({ label }: EngineOptions): readonly string[] {
  return ['ps', '--all', '--quiet', '--filter', `label=medkit.runner=${label}`];
}

export function removeArguments(containers: readonly string[]): readonly string[] {
  return ['rm', '--force', ...containers];
}

function nameOf(jobId: string): string {
  return `medkit-${jobId}`;
}
