import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Two dependencies of the server library that only tests use directly.
const load = createRequire(createRequire(import.meta.url).resolve('node-opcua-server'));
const library = load('node-opcua-client');
const { OPCUACertificateManager } = load('node-opcua-certificate-manager');
const debug = load('node-opcua-debug');
for (const name of ['setDebugLogger', 'setWarningLogger', 'setErrorLogger']) debug[name](() => undefined);

/** Numbers of attributes and built-in types (OPC 10000-6, A.1). */
const VALUE = 13;
const EVENT_NOTIFIER = 12;
const TYPES = { Double: 11, String: 12, ByteString: 15, LocalizedText: 21, UInt32: 7, Boolean: 1 } as const;

/** Members of an alarm event that tests use. */
export interface ReceivedEvent {
  readonly name: string;
  readonly source: string | null;
  readonly message: string;
  readonly severity: number;
  readonly retain: boolean;
  readonly active: boolean;
  readonly acked: boolean;
  readonly confirmed: boolean;
  readonly enabled: boolean;
  readonly shelving: string | null;
  readonly detail: string | null;
  /** Branch id, if the event describes a previous state. */
  readonly branch: string | undefined;
  readonly eventId: Buffer;
  readonly conditionId: string | undefined;
}

const FIELDS = ['ConditionName', 'SourceName', 'Message', 'Severity', 'Retain', 'ActiveState.Id', 'AckedState.Id'];
const MORE_FIELDS = [
  'ConfirmedState.Id',
  'EnabledState.Id',
  'ShelvingState.CurrentState',
  '2:SD_1',
  'EventId',
  'BranchId',
];

export interface ClientOptions {
  readonly mode?: 'None' | 'Sign' | 'SignAndEncrypt';
  readonly policy?: string;
  readonly user?: { readonly userName: string; readonly password: string };
}

/** A plain OPC UA client, independent of the plugin. */
export async function openClient(endpointUrl: string, { mode = 'None', policy = 'None', user }: ClientOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-plc-client-'));
  const certificates = new OPCUACertificateManager({
    rootFolder: folder,
    automaticallyAcceptUnknownCertificate: true,
    disableFileWatchers: true,
  });
  const client = library.OPCUAClient.create({
    endpointMustExist: false,
    connectionStrategy: { maxRetry: 0 },
    clientCertificateManager: certificates,
    securityMode: library.MessageSecurityMode[mode],
    securityPolicy: library.SecurityPolicy[policy],
  });
  const close = async (): Promise<void> => {
    await client.disconnect();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await client.connect(endpointUrl);
    const session = await client.createSession(user && { type: library.UserTokenType.UserName, ...user });
    return { ...callsOf(session), close: () => session.close().then(close) };
  } catch (error) {
    await close();
    throw error;
  }
}

function callsOf(session: ReturnType<typeof JSON.parse>) {
  const call = async (
    objectId: string,
    methodId: string,
    args: readonly (readonly [keyof typeof TYPES, unknown])[],
  ) => {
    const inputArguments = args.map(([type, value]) => ({ dataType: TYPES[type], value }));
    const { statusCode, outputArguments } = await session.call({ objectId, methodId, inputArguments });
    return {
      status: statusCode.name as string,
      output: outputArguments?.map(({ value }: { value: unknown }) => value),
    };
  };
  return {
    read: async (nodeId: string, attributeId: number = VALUE) => {
      const { value, statusCode, sourceTimestamp } = await session.read({ nodeId, attributeId });
      return { value: value.value, status: statusCode.name as string, sourceTimestamp: sourceTimestamp as Date | null };
    },
    write: async (nodeId: string, type: keyof typeof TYPES, value: unknown): Promise<string> => {
      const variant = { dataType: TYPES[type], value };
      return (await session.write({ nodeId, attributeId: VALUE, value: { value: variant } })).name;
    },
    browse: async (nodeId: string): Promise<readonly string[]> => {
      const { references } = await session.browse(nodeId);
      return references.map(({ browseName }: { browseName: { name: string } }) => browseName.name);
    },
    call,
    watchEvents: (onEvent: (event: ReceivedEvent) => void) => watchEvents(session, call, onEvent),
  };
}

async function watchEvents(
  session: ReturnType<typeof JSON.parse>,
  call: (objectId: string, methodId: string, args: readonly (readonly ['UInt32', unknown])[]) => Promise<unknown>,
  onEvent: (event: ReceivedEvent) => void,
) {
  const subscription = await session.createSubscription2({
    requestedPublishingInterval: 50,
    requestedLifetimeCount: 1000,
    requestedMaxKeepAliveCount: 100,
    publishingEnabled: true,
  });
  const filter = library.constructEventFilter([...FIELDS, ...MORE_FIELDS].map(pathOf));
  filter.selectClauses.push(new library.SimpleAttributeOperand({ typeDefinitionId: 'i=2782', attributeId: 1 }));
  const item = await subscription.monitor(
    { nodeId: 'i=2253', attributeId: EVENT_NOTIFIER },
    { samplingInterval: 0, queueSize: 1000, discardOldest: true, filter },
    library.TimestampsToReturn.Neither,
  );
  item.on('changed', (fields: readonly { readonly value: never }[]) => {
    const [name, source, message, severity, retain, active, acked, ...more] = fields.map(({ value }) => value);
    const [confirmed, enabled, shelving, detail, eventId, branchId, conditionId] = more as never[];
    const plainFields = {
      name,
      source,
      severity,
      retain,
      active,
      acked,
      confirmed,
      enabled,
      detail,
      eventId,
    } as object;
    onEvent({
      ...plainFields,
      message: textOf(message),
      shelving: textOf(shelving),
      branch: nodeOf(branchId),
      conditionId: (conditionId as object | null)?.toString(),
    } as ReceivedEvent);
  });
  return { refresh: () => call('i=2782', 'i=3875', [['UInt32', subscription.subscriptionId]]) };
}

function pathOf(field: string): unknown {
  return field.startsWith('2:') ? [{ namespaceIndex: 2, name: field.slice(2) }] : field;
}

function textOf(value: { readonly text?: string | null } | null | undefined): string | null {
  return value?.text ?? null;
}

/** Returns the text of a node id, or `undefined` for the null id. */
function nodeOf(value: { readonly value?: unknown } | null): string | undefined {
  return value?.value ? value.toString() : undefined;
}
