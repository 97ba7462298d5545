import { certificateProblem } from './address/certificate-problem.ts';
import type { OpenBroker } from './broker-connection.ts';
import { openReconnectingConnection } from './connection/reconnecting-connection.ts';
import { openMqttSession } from './session/mqtt-session.ts';

/**
 * Opens a connection to a broker over TCP, TLS or WebSockets, and keeps it open. Throws if a certificate of the address
 * cannot be used. The URL must come from `brokerUrl`.
 */
export const openMqttBroker: OpenBroker = (options) => {
  const problem = certificateProblem(options.address);
  if (problem !== undefined) throw new Error(problem);
  return openReconnectingConnection(options, openMqttSession);
};
