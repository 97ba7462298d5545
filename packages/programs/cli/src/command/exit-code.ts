/** What the `medkit` command ends with. `medkit --help` lists them. */
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
  cancelled: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export const EXIT_CODES: readonly (readonly [ExitCode, string])[] = [
  [ExitCode.ok, 'done, or stopped by Ctrl-C'],
  [ExitCode.failed, 'something failed, or the doctor found something wrong; the lines say what'],
  [ExitCode.usage, 'no such command or option'],
  [ExitCode.configuration, 'the configuration was refused'],
  [ExitCode.portTaken, 'the port is taken'],
  [ExitCode.demoState, 'no demo is running, or one is running already'],
  [ExitCode.auditBroken, 'the audit log is not as it was written'],
  [ExitCode.noGateway, 'no gateway answers at the address'],
  [ExitCode.notAllowed, 'the gateway asks for another token or name (401, 403, 421)'],
  [ExitCode.notFound, 'the robot has no such entity, or the entity no such thing (404)'],
  [ExitCode.refused, 'the gateway or the robot refused what was asked; locked by another client for one (other 4xx)'],
  [ExitCode.unavailable, 'what should do it does not answer, or fails (5xx)'],
  [ExitCode.endedBadly, 'the action, the transition or the script was begun and did not end well'],
  [ExitCode.cancelled, 'Ctrl-C cancelled the action or the script'],
];
