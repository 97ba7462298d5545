import { plural } from '../../texts/plural.ts';
import type { FindingPage } from './vendor-resources.ts';

export const texts: {
  readonly names: Readonly<Record<string, string>>;
  readonly pages: Readonly<Record<FindingPage, string>>;
  readonly onPage: string;
  readonly none: string;
  readonly noValues: string;
  readonly unread: string;
  readonly read: string;
  readonly refresh: string;
  readonly refreshName: (name: string) => string;
  readonly empty: string;
  readonly json: string;
  readonly moreRows: (count: number) => string;
  readonly moreColumns: (count: number) => string;
  readonly moreSections: (count: number) => string;
  readonly moreResources: (names: string, count: number) => string;
  readonly moreText: (count: number) => string;
} = {
  names: {
    'x-medkit-beacon': 'Beacon',
    'x-medkit-param-beacon': 'Beacon from parameters',
    'x-medkit-topic-beacon': 'Beacon from a topic',
    'x-medkit-procfs': 'Process',
    'x-medkit-systemd': 'systemd unit',
    'x-medkit-container': 'Container',
    'x-medkit-graph': 'Pipeline graph',
    'x-medkit-vda5050': 'Fleet control',
    'x-plc-data': 'PLC values',
    'x-plc-operations': 'PLC writes',
    'x-plc-status': 'PLC connection',
  },
  pages: { 'graph.entity': 'Open the graph', 'entity.data': 'Open the data', 'entity.operations': 'Open operations' },
  onPage: 'Another page shows this resource.',
  none: 'No plugin publishes findings about this entity.',
  noValues: 'This resource is empty.',
  unread: 'The page reads this resource when it becomes visible.',
  read: 'Read',
  refresh: 'Refresh',
  refreshName: (name) => `Refresh ${name}`,
  empty: 'empty',
  json: 'JSON',
  moreRows: (count) => `${plural(count, 'more row is', 'more rows are')} not listed.`,
  moreColumns: (count) => `${plural(count, 'more column is', 'more columns are')} not listed.`,
  moreSections: (count) => `${plural(count, 'more part is', 'more parts are')} not listed.`,
  moreResources: (names, count) => `${plural(count, 'more resource is', 'more resources are')} not listed: ${names}`,
  moreText: (count) => `${plural(count, 'more character is', 'more characters are')} omitted.`,
};
