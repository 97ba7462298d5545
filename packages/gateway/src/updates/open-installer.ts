import { errorMessage, type FaultSeverity, type Log, type Model } from '@medkit/core';
import type { Clock, Files, Programs, WritableFiles } from '@medkit/edges';
import { faultGate } from '@medkit/updates';
import { publicKey, type Trust } from '@medkit/updates/artifact';
import { type Installer, openInstaller } from '@medkit/updates/installer';
import { type GatewayConfig, isKeyText, isLoopbackHost } from '../config/index.ts';

/** File system and programs for installing software. */
export interface InstallHost {
  readonly files: Files & WritableFiles;
  readonly programs: Pick<Programs, 'run'>;
  /** Environment variables of `updates.activate`. */
  readonly environment: Readonly<Record<'PATH' | 'HOME' | 'LANG', string>>;
}

export interface InstallerSources {
  readonly config: Pick<GatewayConfig, 'data_dir' | 'updates' | 'server'>;
  readonly model: Model;
  readonly clock: Clock;
  readonly log: Log;
  readonly installHost: InstallHost;
}

const MEBIBYTE = 1024 * 1024;
/** Maximum characters of a file name in a message. */
const MAX_NAME_LENGTH = 200;

/** Returns the configured installer of updates on this machine. */
export async function configuredInstaller({
  config,
  model,
  clock,
  log,
  installHost: { environment, ...installHost },
}: InstallerSources): Promise<Installer> {
  const { updates, data_dir } = config;
  const leastSeverity = updates.gate_severity as FaultSeverity;
  return openInstaller({
    ...installHost,
    artifactsFolder: updates.dir || `${data_dir}/updates/incoming`,
    installFolder: updates.install_dir || `${data_dir}/updates/installed`,
    target: updates.target,
    trust: await trustOf(config, installHost.files, log),
    allowDowngrade: updates.allow_downgrade,
    maxBytes: updates.max_size_mb * MEBIBYTE,
    activate: updates.activate,
    activateTimeoutMs: updates.activate_timeout_sec * 1000,
    activateEnvironment: environment,
    gateMs: updates.gate_sec * 1000,
    keepReleases: updates.keep_releases,
    faults: faultGate({ model, clock, log, leastSeverity }),
    clock,
    log,
  });
}

/**
 * Reads the trusted keys; skips one that cannot be read. Unsigned updates are allowed only if the gateway listens on
 * loopback or has a server token.
 */
async function trustOf(
  { updates, server }: InstallerSources['config'],
  files: Pick<Files, 'readText' | 'stateOf'>,
  log: Log,
): Promise<Trust> {
  const keys = [];
  for (const [at, text] of updates.trusted_keys.entries()) {
    try {
      const key = isKeyText(text) ? text : await keyIn(text, files);
      if (key === undefined) throw new Error('the file does not exist');
      if (key.trim() === '') throw new Error('it is empty');
      keys.push(publicKey(key));
    } catch (error) {
      // The setting may contain a private key by mistake.
      const name = isKeyText(text) ? `key ${at + 1}` : text.slice(0, MAX_NAME_LENGTH);
      log('error', `updates.trusted_keys: ${name} is ignored: ${errorMessage(error)}`);
    }
  }
  const isGuarded = isLoopbackHost(server.host) || server.token !== '';
  const allowUnsigned = updates.allow_unsigned && isGuarded;
  if (updates.allow_unsigned && !isGuarded) {
    log('warn', `updates.allow_unsigned is ignored: ${server.host} can be reached from other machines without a token`);
  }
  return { keys, allowUnsigned };
}

async function keyIn(file: string, files: Pick<Files, 'readText' | 'stateOf'>): Promise<string | undefined> {
  const state = await files.stateOf(file);
  if (state && !state.isFile) throw new Error('it is a folder, not a key file');
  return files.readText(file, { regularOnly: true });
}
