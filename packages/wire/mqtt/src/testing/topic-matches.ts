/**
 * Returns whether a filter matches a topic (MQTT 3.1.1, 4.7): `+` is one level, `#` at the end all following levels.
 */
export function topicMatches(filter: string, topic: string): boolean {
  // Only filters that start with `$` match topics of the broker (4.7.2).
  if (topic.startsWith('$') && !filter.startsWith('$')) return false;
  const filterLevels = filter.split('/');
  const levels = topic.split('/');
  const isOpen = filterLevels.at(-1) === '#';
  if (isOpen) filterLevels.pop();
  const fits = isOpen ? levels.length >= filterLevels.length : levels.length === filterLevels.length;
  return fits && filterLevels.every((level, at) => level === '+' || level === levels[at]);
}
