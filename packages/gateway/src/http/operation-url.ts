const OPERATION = /^(\/api\/v1\/[^/?]+\/[^/?]+\/operations\/)([^?]+?)((?:\/executions(?:\/[^/?]+)?)?\/?(?:\?.*)?)$/;

/**
 * The address with the slashes inside an operation's id percent-encoded: it may be the name of a ROS service, with others
 * behind it in the path, which no router can tell apart. `undefined` for an address that is none of an operation.
 */
export function operationUrl(url: string): string | undefined {
  const [, before, id, after] = OPERATION.exec(url) ?? [];
  return before === undefined ? undefined : `${before}${id?.replaceAll('/', '%2F')}${after}`;
}
