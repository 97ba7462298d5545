const plural = (count: number, one: string, other: string) => `${count} ${count === 1 ? one : other}`;

export const texts = {
  title: 'Locks',
  counted: (count: number, all: number) =>
    count === all ? plural(all, 'lock', 'locks') : `${count} of ${plural(all, 'lock', 'locks')}`,
  search: 'Search',
  searchHint: 'Entity, holder',
  holder: 'Holder',
  whose: { all: 'All', mine: 'You', others: 'Others' },
  entity: 'Entity',
  collections: 'Collections',
  everything: 'everything',
  acquired: 'Acquired',
  left: 'Time left',
  you: 'you',
  extend: (minutes: number) => `Extend to ${minutes} min`,
  extendOf: (id: string) => `Extend the lock of ${id}`,
  release: 'Release',
  releaseOf: (id: string) => `Release the lock of ${id}`,
  end: 'Release…',
  endNow: 'Release',
  endEffect: (holder: string) =>
    `${holder} loses the lock immediately, even during a change. Afterwards any client can change the entity.`,
  takeOver: 'Take over…',
  takeOverOf: (id: string) => `Take over the lock of ${id}`,
  unbreakable: 'It cannot be taken over: the configuration forbids it',
  none: 'Nothing is locked',
  noneHelp:
    'A lock reserves an entity for one client while it changes something. Open an entity and its tab Locks, or use the API:',
  noneMatches: 'No lock matches these filters.',
  off: 'Locks are switched off',
  offHelp: 'Set this in the configuration and restart the gateway:',
};
