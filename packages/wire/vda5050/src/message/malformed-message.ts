/** A message that is not as the schema of its topic has it. Its words name the topic, the member, and what is wrong. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}
