import type * as NodeOpcua from 'node-opcua-client';

/** The library that speaks OPC UA. It is loaded with the first connection: a gateway without a PLC does not pay for it. */
export type OpcuaLibrary = Omit<typeof NodeOpcua, 'default'>;

let loading: Promise<OpcuaLibrary> | undefined;

export function loadOpcua(): Promise<OpcuaLibrary> {
  loading ??= import('node-opcua-client').then(({ default: library }) => {
    silence(library);
    return library;
  });
  return loading;
}

/** What the library says of a server goes with errors to who asked; to the output of the gateway it writes nothing itself. */
function silence({ setDebugLogger, setErrorLogger, setLogLevel, setWarningLogger, LogLevel }: OpcuaLibrary): void {
  const nothing = () => undefined;
  setDebugLogger(nothing);
  setWarningLogger(nothing);
  setErrorLogger(nothing);
  setLogLevel(LogLevel.Emergency);
}
