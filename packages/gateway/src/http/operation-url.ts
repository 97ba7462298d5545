const OPERATION =
  /^((?:\/fleet\/[^/?]+)?\/api\/v1\/[^/?]+\/[^/?]+\/operations\/)([^?]+?)((?:\/executions(?:\/[^/?]+)?)?\/?(?:\?.*)?)$/;

/**
 * Percent-encodes the slashes inside an operation id: it may be the name of a ROS service followed by further path
 * segments, which no router can separate. Also for an operation of a robot, below `/fleet/{robot}`. Returns `undefined` if
 * the URL is not one of an operation.
 */
export function operationUrl(url: string): string | undefined {
  const [, before, id, after] = OPERATION.exec(url) ?? [];
  return before === undefined ? undefined : `${before}${id?.replaceAll('/', '%2F')}${after}`;
}
