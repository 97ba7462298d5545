import { eventually } from './eventually.ts';
import { reserveDomain } from './free-domain.ts';
import { startProgram } from './program.ts';

const DOMAIN = await reserveDomain();

/**
 * Starts the demo robot and its gateway only, on a free port, and waits until the robot's nodes are online. `args` are
 * further options. Ended when disposed.
 */
export async function startDemo(...args: readonly string[]): Promise<AsyncDisposable & { readonly url: string }> {
  const program = startProgram(['demo', '--lite', '--port', '0', '--domain', String(DOMAIN), ...args]);
  const [url] = await program.printed(/http:\/\/127\.0\.0\.1:\d+/);
  await eventually('lidar_driver online', async () => {
    const response = await fetch(`${url}/api/v1/apps/lidar_driver`);
    const app = (await response.json()) as { readonly 'x-medkit'?: { readonly is_online?: boolean } };
    return response.ok && app['x-medkit']?.is_online === true;
  });
  return { url, [Symbol.asyncDispose]: async () => void (await program.end('SIGINT')) };
}
