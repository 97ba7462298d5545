/** Exit codes of the `medkit` command. `medkit --help` lists them. */
export const ExitCode = {
  ok: 0,
  failed: 1,
  usage: 2,
  configuration: 3,
  portTaken: 4,
  demoState: 5,
  auditBroken: 6,
  noGateway: 7,
  notAllowed: 8,
  notFound: 9,
  refused: 10,
  unavailable: 11,
  endedBadly: 12,
  different: 13,
  cancelled: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export const EXIT_CODES: readonly (readonly [ExitCode, string])[] = [
  [ExitCode.ok, 'success, or stopped by Ctrl-C'],
  [ExitCode.failed, 'failure, or `doctor` found a problem; the output says which'],
  [ExitCode.usage, 'usage error: unknown command or option, or invalid value'],
  [ExitCode.configuration, 'the configuration is invalid'],
  [ExitCode.portTaken, 'the port is in use'],
  [ExitCode.demoState, 'no demo is running, or a demo is already running'],
  [ExitCode.auditBroken, 'the audit log was tampered with'],
  [ExitCode.noGateway, 'no gateway answers at the address, or its certificate is not trusted'],
  [
    ExitCode.notAllowed,
    'access denied: the gateway rejects the token, the permission or its host name (401, 403, 421)',
  ],
  [ExitCode.notFound, 'not found: entity, fault, topic or another resource (404)'],
  [ExitCode.refused, 'the gateway or the robot rejected the request, for example because of a lock (other 4xx)'],
  [ExitCode.unavailable, 'the node, peer or service behind the gateway does not answer, or failed (5xx)'],
  [ExitCode.endedBadly, 'an action, transition, script or update was started and failed'],
  [ExitCode.different, '`replay` found that the changed rules would have had another result'],
  [ExitCode.cancelled, 'an action, script or password prompt was canceled with Ctrl-C'],
];
