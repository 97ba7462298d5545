import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AddressSpace,
  type Folder,
  type Library,
  loadLibrary,
  type Namespace,
} from '../../packages/programs/plc/src/server/library.ts';
import { securityOptions } from '../../packages/programs/plc/src/server/security.ts';
import { freePort } from '../federation/free-port.ts';

/** Scope in which a program of the server adds its nodes. */
export interface ProgramScope {
  readonly library: Library;
  readonly addressSpace: AddressSpace;
  readonly namespace: Namespace;
  /** An object of the program below `Objects`, named after the last part of its URI. */
  readonly object: Folder;
}

export interface ProgramServerOptions {
  /** Port of a previously closed server (default: a reserved one). */
  readonly port?: number;
  /** Programs by the URIs of their namespaces, which have the indices from 2 on in this order. */
  readonly programs: Readonly<Record<string, (scope: ProgramScope) => void>>;
}

export interface ProgramServer extends AsyncDisposable {
  readonly endpointUrl: string;
  readonly port: number;
}

/** Starts an OPC UA server with programs of a test in this process. */
export async function openProgramServer({ port, programs }: ProgramServerOptions): Promise<ProgramServer> {
  const library = loadLibrary(() => undefined);
  const folder = mkdtempSync(join(tmpdir(), 'medkit-programs-'));
  const server = new library.OPCUAServer({
    ...{ host: '127.0.0.1', hostname: '127.0.0.1', port: port ?? (await freePort()) },
    nodeset_filename: [library.nodesets.standard],
    serverInfo: { applicationUri: 'urn:test:programs', applicationName: { text: 'Programs' } },
    ...(await securityOptions(library, folder, {})),
  });
  await server.initialize();
  const { addressSpace } = server.engine;
  if (addressSpace === null) throw new Error('the library has made no address space');
  for (const [uri, add] of Object.entries(programs)) {
    const namespace = addressSpace.registerNamespace(uri);
    const name = uri.slice(uri.lastIndexOf(':') + 1);
    const object = namespace.addObject({
      ...{ browseName: name, nodeId: `s=${name}` },
      organizedBy: addressSpace.rootFolder.objects,
    });
    add({ library, addressSpace, namespace, object });
  }
  await server.start();
  const endpointUrl = server.getEndpointUrl();
  return {
    endpointUrl,
    port: Number(new URL(endpointUrl).port),
    [Symbol.asyncDispose]: async () => {
      await server.shutdown(0);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
