import { createRequire } from 'node:module';
import type { OPCUAServer, OPCUAServerOptions } from 'node-opcua-server';

/** OPC UA server and address space types of the library. */
export type Server = OPCUAServer;
export type AddressSpace = NonNullable<Server['engine']['addressSpace']>;
export type Namespace = ReturnType<AddressSpace['registerNamespace']>;
export type Variable = ReturnType<Namespace['addVariable']>;
export type Folder = ReturnType<Namespace['addObject']>;
export type ServerOptions = OPCUAServerOptions;
export type CertificateManager = NonNullable<OPCUAServerOptions['serverCertificateManager']>;
export type Alarm = ReturnType<Namespace['instantiateAlarmCondition']>;
export type StatusCode = ReturnType<Alarm['setEnabledState']>;

/** Classes and constants from the library and its modules. */
export interface Library {
  readonly OPCUAServer: new (options: OPCUAServerOptions) => Server;
  readonly CertificateManager: new (options: {
    readonly rootFolder: string;
    readonly automaticallyAcceptUnknownCertificate: boolean;
    readonly disableFileWatchers: boolean;
  }) => CertificateManager & { readonly trustedFolder: string; initialize(): Promise<void> };
  readonly StatusCodes: Readonly<Record<string, StatusCode>>;
  readonly coerceLocalizedText: (text: string) => unknown;
  readonly standardUnits: Readonly<Record<string, object>>;
  readonly nodesets: { readonly standard: string };
}

/** Supported version of the library. */
export const LIBRARY_VERSION = '2.182.2';

/** The OPC UA server library is not installed. It is optional because it is large and rarely needed. */
export class LibraryMissing extends Error {
  override readonly name = 'LibraryMissing';

  constructor(options?: ErrorOptions) {
    super(`a simulated PLC requires another package: npm install node-opcua-server@${LIBRARY_VERSION}`, options);
  }
}

/**
 * Loads the library with its console output disabled. `resolve` finds the file of a module; default: as Node does. Throws
 * `LibraryMissing`.
 */
export function loadLibrary(
  onWarning: (line: string) => void,
  resolve: (module: string) => string = createRequire(import.meta.url).resolve,
): Library {
  const path = pathOf(resolve);
  // Resolves modules relative to the library, so that it uses its own versions.
  const load = createRequire(path);
  const debug = load('node-opcua-debug');
  const silent = (): void => undefined;
  const warn = (...args: readonly unknown[]): void => onWarning(args.map(String).join(' '));
  debug.setDebugLogger(silent);
  debug.setTraceLogger(silent);
  debug.setWarningLogger(silent);
  debug.setErrorLogger(warn);
  return {
    OPCUAServer: load('node-opcua-server').OPCUAServer,
    CertificateManager: load('node-opcua-certificate-manager').OPCUACertificateManager,
    StatusCodes: load('node-opcua-status-code').StatusCodes,
    coerceLocalizedText: load('node-opcua-data-model').coerceLocalizedText,
    standardUnits: load('node-opcua-data-access').standardUnits,
    nodesets: load('node-opcua-nodesets').nodesets,
  };
}

function pathOf(resolve: (module: string) => string): string {
  try {
    return resolve('node-opcua-server');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') throw new LibraryMissing({ cause });
    throw cause;
  }
}
