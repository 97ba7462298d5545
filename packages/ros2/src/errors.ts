/** There is no definition of the type, neither bundled nor on this machine. */
export class UnknownType extends Error {
  override readonly name = 'UnknownType';
}

/** A message given to medkit does not fit its type. The message starts with the path of the field. */
export class InvalidMessage extends Error {
  override readonly name = 'InvalidMessage';
}

/** Serialised data that is not of the type it is said to be. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

/** A name that ROS does not allow for a node, a namespace, a topic or a type. */
export class InvalidName extends Error {
  override readonly name = 'InvalidName';
}

/** No type was given for a topic, and nothing in the graph tells it. */
export class TopicTypeUnknown extends Error {
  override readonly name = 'TopicTypeUnknown';
}

/** A node, publisher or subscription was used after it was closed. */
export class AlreadyClosed extends Error {
  override readonly name = 'AlreadyClosed';
}

/** The thread that speaks DDS is not running at this moment, or does not keep up. The message says why. */
export class AdapterUnavailable extends Error {
  override readonly name = 'AdapterUnavailable';
}
