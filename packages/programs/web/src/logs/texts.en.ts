import { plural } from '../texts/plural.ts';

export const texts = {
  severities: { debug: 'Debug', info: 'Info', warning: 'Warning', error: 'Error', fatal: 'Fatal' },
  time: 'Time',
  nodeTime: 'Clock of the node',
  severity: 'Severity',
  logger: 'Logger',
  node: 'Node',
  message: 'Message',
  source: 'Source',
  line: 'Log line',
  copy: 'Copy the line',
  all: 'All',
  atLeast: (severity: string) => `${severity} or higher`,
  words: 'Search',
  counted: (count: number, all: number) =>
    count === all ? plural(all, 'line', 'lines') : `${count} of ${plural(all, 'line', 'lines')}`,
  bounded: (limit: number) => `Only the newest ${limit} are shown.`,
  span: (since: string | undefined, until: string | undefined) =>
    [since && `since ${since}`, until && `until ${until}`].filter(Boolean).join(' '),
  follow: 'Follow the log',
  none: 'No log lines yet. Messages that nodes write to /rosout appear here within two seconds.',
  noneMatches: 'No line matches these filters.',
};
