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

/** No server of the service was ready before the call's time was over, or the last one went away before it was: nothing was sent. */
export class ServiceUnavailable extends Error {
  override readonly name = 'ServiceUnavailable';
}

/** The server has the request, as far as DDS can tell, and did not answer in time. */
export class CallTimeout extends Error {
  override readonly name = 'CallTimeout';
}

/** The server went away with the request. */
export class ServerLost extends Error {
  override readonly name = 'ServerLost';
}

/** The DDS thread ended while the call was under way: it may have been sent, and may have had its effect. */
export class CallLost extends Error {
  override readonly name = 'CallLost';
}

/** The caller gave the call up. */
export class CallAborted extends Error {
  override readonly name = 'CallAborted';
}

/** As many calls as are allowed are under way; more would only wait for each other. */
export class TooManyCalls extends Error {
  override readonly name = 'TooManyCalls';
}

/** As many listen to a topic of an action as are allowed. */
export class TooManyListeners extends Error {
  override readonly name = 'TooManyListeners';
}

/** A parameter of one of our own nodes is declared in a way that contradicts itself. The message names it. */
export class InvalidParameter extends Error {
  override readonly name = 'InvalidParameter';
}
