/** No definition of the type exists, neither bundled nor on this machine. */
export class UnknownType extends Error {
  override readonly name = 'UnknownType';
}

/** A message passed to medkit does not match its type. The error message starts with the path of the field. */
export class InvalidMessage extends Error {
  override readonly name = 'InvalidMessage';
}

/** Serialised data does not match the type it is supposed to have. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

/** A name that ROS does not allow for a node, namespace, topic or type. */
export class InvalidName extends Error {
  override readonly name = 'InvalidName';
}

/** No type was given for a topic, and the graph does not contain one. */
export class TopicTypeUnknown extends Error {
  override readonly name = 'TopicTypeUnknown';
}

/** A node, publisher or subscription was used after it was closed. */
export class AlreadyClosed extends Error {
  override readonly name = 'AlreadyClosed';
}

/** The DDS thread is not running at the moment, or is overloaded. The message gives the reason. */
export class AdapterUnavailable extends Error {
  override readonly name = 'AdapterUnavailable';
}

/** No server of the service became ready before the timeout, or the last one disappeared. The request was not sent. */
export class ServiceUnavailable extends Error {
  override readonly name = 'ServiceUnavailable';
}

/** According to DDS the server has received the request, but it did not answer in time. */
export class CallTimeout extends Error {
  override readonly name = 'CallTimeout';
}

/** The server disappeared after it had received the request. */
export class ServerLost extends Error {
  override readonly name = 'ServerLost';
}

/** The DDS thread ended during the call. The request may have been sent and may have taken effect. */
export class CallLost extends Error {
  override readonly name = 'CallLost';
}

/** The caller aborted the call. */
export class CallAborted extends Error {
  override readonly name = 'CallAborted';
}

/** The maximum number of concurrent calls is reached. Further calls would only wait for each other. */
export class TooManyCalls extends Error {
  override readonly name = 'TooManyCalls';
}

/** The maximum number of listeners on a topic of an action is reached. */
export class TooManyListeners extends Error {
  override readonly name = 'TooManyListeners';
}

/** A parameter of one of medkit's nodes has a contradictory declaration. The message names the parameter. */
export class InvalidParameter extends Error {
  override readonly name = 'InvalidParameter';
}
