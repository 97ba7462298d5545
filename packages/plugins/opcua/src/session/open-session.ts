import { loadOpcua } from './opcua-library.ts';
import { OpcuaSession } from './opcua-session.ts';
import { explainRefusal, openChannel } from './open-channel.ts';
import { readOperationLimits } from './operation-limits.ts';
import type { ServerFacts } from './plc-session.ts';
import { SessionChannel } from './session-channel.ts';
import type { SessionOptions } from './session-options.ts';
import { beginSession } from './session-request.ts';

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
