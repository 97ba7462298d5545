/** What the `medkit` command ends with. `medkit --help` lists them. */
export const ExitCode = {
  ok: 0,
  failed: 1,
  usage: 2,
  configuration: 3,
  portTaken: 4,
  demoState: 5,
  auditBroken: 6,
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
];
