export const texts = {
  title: 'PLC alarms',
  about:
    'Alarms that PLCs report. An alarm ends when its cause has ended and it is acknowledged and, if the PLC requires it, confirmed.',
  none: 'No active alarms',
  noneHelp: 'The connected PLCs report no alarm that is active or needs an operator.',
  noPlc: 'Alarms of a PLC appear here if the plugin opcua connects to it.',
  disconnected: (apps: string) => `The PLC does not answer; these are its last reports: ${apps}`,
  cut: (count: number) => `Only the alarms of the first ${count} apps of PLCs are listed.`,
  more: (count: number) => `${count} more alarms are in the list of faults.`,
  since: 'Since',
  app: 'App',
};
