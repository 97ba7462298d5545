/** A message violates the schema of its topic. The error message names the topic, the member and the problem. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}
