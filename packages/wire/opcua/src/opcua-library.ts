import type * as NodeOpcua from 'node-opcua-client';

/** The OPC UA library. It is loaded with the first connection, so that gateways without a PLC do not need it. */
export type OpcuaLibrary = Omit<typeof NodeOpcua, 'default'>;

let loading: Promise<OpcuaLibrary> | undefined;

export function loadOpcua(): Promise<OpcuaLibrary> {
  loading ??= import('node-opcua-client').then(({ default: library }) => {
    silence(library);
    return library;
  });
  return loading;
}

/** Disables the library's output: its messages about a server are part of the errors that callers receive. */
function silence({ setDebugLogger, setErrorLogger, setLogLevel, setWarningLogger, LogLevel }: OpcuaLibrary): void {
  const nothing = () => undefined;
  setDebugLogger(nothing);
  setWarningLogger(nothing);
  setErrorLogger(nothing);
  setLogLevel(LogLevel.Emergency);
}
