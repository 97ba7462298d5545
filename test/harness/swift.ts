import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Address, S3Key } from '@medkit/blobs/s3';
import { signRequest } from '../../packages/base/blobs/src/s3/sign-request.ts';
import { startProgram } from './program.ts';

/** A server of OpenStack Swift with its S3 interface, on a port of loopback. */
export interface Swift extends AsyncDisposable {
  /** Address of a bucket, which `createBucket` creates. */
  readonly address: S3Address;
  readonly key: S3Key;
  /** Ends the server without its folder. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Starts Swift in a temporary folder: account, container, object and proxy server in one process. */
export async function startSwift(): Promise<Swift> {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-swift-'));
  const run = async (port: string) => {
    const program = startProgram([folder], {
      command: [
        '/usr/bin/setpriv',
        '--pdeathsig=KILL',
        '/usr/bin/python3',
        join(import.meta.dirname, 'swift-server.py'),
      ],
      cwd: folder,
      env: { SWIFT_PORT: port },
    });
    const [, listening = ''] = await program.printed(/listening on port (\d+)/);
    return { program, port: listening };
  };
  let running = await run('0');
  const stop = async (): Promise<void> => void (await running.program.end('SIGKILL'));
  return {
    address: {
      bucket: 'medkit-evidence',
      prefix: 'hub/',
      endpoint: `http://127.0.0.1:${running.port}`,
      region: 'us-east-1',
    },
    key: { id: 'medkit:writer', secret: 'correct-horse' },
    stop,
    start: async () => {
      running = await run(running.port);
    },
    async [Symbol.asyncDispose]() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Creates the bucket of a server. */
export async function createBucket({ address, key }: Pick<Swift, 'address' | 'key'>): Promise<void> {
  const options = { method: 'PUT', path: `/${address.bucket}`, nowMs: Date.now() } as const;
  const { url, headers } = await signRequest(address, key, options);
  const { status } = await fetch(url, { method: 'PUT', headers });
  if (status !== 200) throw new Error(`the bucket was not created: ${status}`);
}
