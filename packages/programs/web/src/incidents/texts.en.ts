/** Texts of the parts of the incident page that load on demand. */
export const texts = {
  split: 'Split faults off',
  splitEffect:
    'The faults that you choose move into a new incident. The gateway does not merge the two again. The notes stay here.',
  splitAction: (count: number) => (count === 0 ? 'Move' : `Move ${count} into a new incident`),
  splitAll: 'At least one fault stays in this incident.',
};
