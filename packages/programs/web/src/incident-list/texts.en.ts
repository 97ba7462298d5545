import { plural } from '../texts/plural.ts';

export const texts = {
  group: 'Group',
  groups: { cause: 'by cause', none: 'not grouped' },
  incidents: (count: number) => plural(count, 'incident', 'incidents'),
  noneOpen: 'none open',
  acknowledge: (count: number) => `Acknowledge ${count}`,
  close: (count: number) => `Close ${count}…`,
  closeEffect: 'The incidents are closed for all users. Each reopens if a new event is added.',
  merge: (count: number) => `Merge ${count} into one…`,
  mergeAction: 'Merge',
  mergeEffect: (id: string) =>
    `All faults and notes move into ${id}, the earliest. The other ids redirect to it. You can split faults off again.`,
  older: 'Groups contain only the incidents of this page; older ones follow.',
};
