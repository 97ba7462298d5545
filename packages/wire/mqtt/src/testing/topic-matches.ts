/**
 * Returns whether a filter matches a topic (MQTT 3.1.1, 4.7): `+` is one level, `#` at the end all following levels.
 */
export function topicMatches(filter: string, topic: string): boolean {
  // Only filters that start with `$` match topics of the broker (4.7.2).
  if (topic.startsWith('$') && !filter.startsWith('$')) return false;
  const asked = filter.split('/');
  const levels = topic.split('/');
  const isOpen = asked.at(-1) === '#';
  if (isOpen) asked.pop();
  const fits = isOpen ? levels.length >= asked.length : levels.length === asked.length;
  return fits && asked.every((level, at) => level === '+' || level === levels[at]);
}
