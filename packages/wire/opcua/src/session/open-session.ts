import { MAX_OPERATIONS } from '../bounds.ts';
import { explainRefusal, openChannel } from '../channel/open-channel.ts';
import { type OperationLimits, SessionChannel } from '../channel/session-channel.ts';
import { beginSession } from '../channel/session-request.ts';
import { loadOpcua } from '../opcua-library.ts';
import type { ServerFacts } from '../plc-session.ts';
import { ATTRIBUTES, readAttributes, scalarIn } from '../services/readings.ts';
import { OpcuaSession } from './opcua-session.ts';
import type { SessionOptions } from './session-options.ts';

/** Variables of ServerCapabilities/OperationLimits (OPC 10000-5, 6.3.11). */
const LIMITS: Readonly<Record<keyof OperationLimits, string>> = {
  read: 'i=11705',
  browse: 'i=11710',
  translate: 'i=11712',
  monitor: 'i=11714',
};

/** Opens a session with a server. Rejects with `PlcError`, after releasing everything. */
export async function openSession(options: SessionOptions): Promise<OpcuaSession> {
  const { clock, endpointUrl, security, user, signal, log, applicationName = 'medkit' } = options;
  const library = await loadOpcua();
  const opened = await openChannel({ library, clock, endpointUrl, signal, log }, security, user);
  const { channel, endpoint } = opened;
  try {
    const token = await beginSession({ ...opened, user, applicationName });
    const session = new SessionChannel(channel, token, clock);
    session.limits = await readOperationLimits(session);
    const server: ServerFacts = {
      endpointUrl,
      applicationName: (endpoint.server.applicationName?.text ?? '').slice(0, 200),
      applicationUri: (endpoint.server.applicationUri ?? '').slice(0, 500),
      isAuthenticated: opened.security !== undefined && security.rejectsUntrusted,
      clockSkewMs: channel.skewMs,
    };
    return new OpcuaSession(session, server, options);
  } catch (error) {
    await channel.close();
    throw explainRefusal(error, opened.security?.client);
  }
}

/** Returns the limits of a server per request, or this client's limit if the server sets none or a higher one. */
async function readOperationLimits(session: SessionChannel): Promise<OperationLimits> {
  const names = Object.keys(LIMITS) as readonly (keyof OperationLimits)[];
  const values = await readAttributes(
    session,
    names.map((name) => ({ nodeId: LIMITS[name], attribute: ATTRIBUTES.value })),
  );
  const limits = names.map((name, index) => {
    const said = Number(scalarIn(values[index]!) ?? 0);
    return [name, said >= 1 ? Math.min(Math.trunc(said), MAX_OPERATIONS) : MAX_OPERATIONS] as const;
  });
  return Object.fromEntries(limits) as unknown as OperationLimits;
}
