/** Texts of the parts of the incident page that load on demand. */
export const texts = {
  split: 'Split faults off',
  splitEffect:
    'The faults that you choose move into a new incident. The gateway does not merge the two again. The notes stay here.',
  splitAction: (count: number) => (count === 0 ? 'Move' : `Move ${count} into a new incident`),
  outbreak: 'Robots',
  campaign: (robots: number, campaign: string) =>
    `${robots} of these robots were changed by the campaign ${campaign} within 24 h before it:`,
  changed: (robots: number, version: string) =>
    `${robots} of these robots changed to ${version} within 24 h before it:`,
  active: 'active',
  incident: 'Incident',
  version: 'Version',
  site: 'Site',
  affected: 'In the outbreak',
  others: 'Other robots',
  moreRobots: (count: number) => `and ${count} more robots`,
  uncounted: (count: number) => `${count} occurrences are not counted, because their time is too uncertain.`,
  splitAll: 'At least one fault stays in this incident.',
};
