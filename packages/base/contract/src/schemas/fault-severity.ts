/**
 * Severities of faults in each spelling of the API, lowest first: the position in a list is the number, 0 to 3. Clients
 * of ros2_medkit expect these spellings.
 */
export const FAULT_SEVERITIES = {
  /** `severity_label` of faults and incidents. */
  labels: ['INFO', 'WARN', 'ERROR', 'CRITICAL'],
  /** Clusters, fault triggers, node maps and ROS messages. */
  longLabels: ['INFO', 'WARNING', 'ERROR', 'CRITICAL'],
  /** Query parameters. */
  parameters: ['info', 'warn', 'error', 'critical'],
  /** Settings, notifications, rules and figures by severity. */
  names: ['info', 'warning', 'error', 'critical'],
} as const;

/** Returns the number of a severity in any spelling, in upper or lower case; `undefined` for another word. */
export function parseFaultSeverity(text: string): 0 | 1 | 2 | 3 | undefined {
  const word = text.toLowerCase();
  const { parameters, names } = FAULT_SEVERITIES;
  const number = names.findIndex((name, index) => name === word || parameters[index] === word);
  return number < 0 ? undefined : (number as 0 | 1 | 2 | 3);
}
