import type { IncomingMessage } from 'node:http';
import { FLEET_ROBOT_NAME } from '@medkit/contract';
import { withoutPublicPath } from '../http/public-url.ts';
import { isBrowser } from '../page/navigation.ts';
import type { RobotPages } from '../page/web-pages.ts';

/** Path of something that belongs to a robot. */
const OF_ROBOT = new RegExp(`^/fleet/(${FLEET_ROBOT_NAME})(/[^?]*)?(\\?.*)?$`);
/** Paths that are not pages: the API of the robot, and what only the hub serves. */
const NO_PAGE = /^\/(?:api|docs|metrics)(?:\/|$)/;

export interface RobotPagesOptions {
  /** The path of `server.public_url`, which a proxy may leave in URLs. */
  readonly publicPath: string;
  /** Whether the gateway has no robot of itself: its pages begin with the fleet. */
  readonly isHubOnly: boolean;
}

/**
 * The pages of robots below `/fleet/{robot}/`: the same files as those of the hub, whose requests go to the API of the
 * robot because their base is another.
 */
export const robotPages = ({ publicPath, isHubOnly }: RobotPagesOptions): RobotPages => ({
  metaOf: (url) => {
    const robot = OF_ROBOT.exec(withoutPublicPath(url, publicPath))?.[1];
    if (robot !== undefined) return { name: 'medkit-robot', content: robot };
    return isHubOnly ? { name: 'medkit-hub', content: 'fleet' } : undefined;
  },
  isRobot: (url) => {
    const [, robot, path] = OF_ROBOT.exec(url) ?? [];
    return robot !== undefined && path === undefined;
  },
  withoutRobot: (url, request) => {
    const [, , path, query = ''] = OF_ROBOT.exec(url) ?? [];
    if (path === undefined) return url;
    const isPage = path === '/' || path.startsWith('/assets/') || navigates(path, request);
    return isPage ? path + query : url;
  },
});

function navigates(path: string, { headers }: Pick<IncomingMessage, 'headers'>): boolean {
  try {
    return isBrowser({ headers }) && !NO_PAGE.test(decodeURIComponent(path));
  } catch {
    return false;
  }
}
