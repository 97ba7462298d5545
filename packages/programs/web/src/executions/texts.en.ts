const plural = (count: number, one: string, other: string) => `${count} ${count === 1 ? one : other}`;

export const texts = {
  title: 'Executions',
  counted: (count: number, all: number) =>
    count === all ? plural(all, 'execution', 'executions') : `${count} of ${plural(all, 'execution', 'executions')}`,
  cut: (limit: number) => `Only the newest ${limit} are listed.`,
  search: 'Search',
  searchHint: 'Operation, script, entity',
  state: 'State',
  states: { all: 'All', running: 'Running', ended: 'Ended' },
  kind: 'Kind',
  kinds: { all: 'All', operation: 'Operations', script: 'Scripts' },
  of: { operation: 'operation', script: 'script' },
  what: 'Operation or script',
  entity: 'Entity',
  started: 'Started',
  took: 'Duration',
  by: 'Started by',
  reason: 'Reason',
  terminated: 'terminated',
  prepared: 'prepared',
  progress: (percent: number) => `${percent} %`,
  cancel: 'Cancel…',
  stop: 'Stop…',
  cancelOf: (name: string, entity: string) => `Cancel ${name} of ${entity}`,
  stopOf: (name: string, entity: string) => `Stop ${name} of ${entity}`,
  cancelNow: 'Cancel execution',
  stopNow: 'Stop script',
  cancelEffect:
    'The action server ends the goal in its way: the robot may stop where it is. What has already happened is not undone.',
  stopEffect:
    'All processes of the script end. They have a moment to finish; what they have already changed is not undone.',
  force: 'Terminate immediately, without time to finish',
  none: 'No executions yet',
  noneHelp:
    'Actions, services and scripts appear here when any client starts them. Open an operation of an entity to start one, for example:',
  noneMatches: 'No execution matches these filters.',
};
