import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type GatewayConfig, isLoopbackHost } from '@medkit/gateway';
import { credentialsFile } from '../../remote/credential-store.ts';

/** Access protection of the gateway of this machine, from its configuration. */
export interface AccessProtection {
  /** Whether other machines can reach it. */
  readonly isOpen: boolean;
  readonly hasAccounts: boolean;
  readonly hasToken: boolean;
  /** Files with passwords, keys and tokens that every user can read. */
  readonly readable: readonly string[];
}

/** Read permission for other users. Group access may be intended. */
const OTHERS_READ = 0o004;

/** Access protection of a gateway with this configuration on this machine. */
export async function accessProtectionOf(
  config: GatewayConfig,
  environment: NodeJS.ProcessEnv,
): Promise<AccessProtection> {
  const { auth, server, data_dir, aggregation } = config;
  const accounts = resolve(data_dir, 'auth.db');
  const secrets = [
    ...[server.token_file, auth.jwt_secret_file, auth.clients_file, ...aggregation.peer_token_files],
    ...[accounts, resolve(data_dir, 'setup-code'), credentialsFile(environment)],
  ];
  const named = secrets.filter((file) => file !== '');
  const modes = await Promise.all(named.map(modeOf));
  return {
    isOpen: !isLoopbackHost(server.host),
    hasAccounts: auth.enabled || auth.users_file !== '' || (await modeOf(accounts)) !== undefined,
    hasToken: server.token !== '',
    readable: named.filter((_, at) => ((modes[at] ?? 0) & OTHERS_READ) !== 0),
  };
}

/** Returns the mode of a file, or `undefined` if it does not exist or cannot be examined. */
async function modeOf(file: string): Promise<number | undefined> {
  return stat(file).then(
    ({ mode }) => mode,
    () => undefined,
  );
}
