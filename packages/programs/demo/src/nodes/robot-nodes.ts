import { openAmcl } from './amcl.ts';
import { openBatteryMonitor } from './battery-monitor.ts';
import { openBtNavigator } from './bt-navigator.ts';
import { openCollisionMonitor } from './collision-monitor.ts';
import { openControllerServer } from './controller-server.ts';
import type { DemoNode } from './demo-node.ts';
import { openDiagnosticAggregator } from './diagnostic-aggregator.ts';
import { openLidarDriver } from './lidar-driver.ts';
import { openLifecycleManager } from './lifecycle-manager.ts';
import { openMapServer } from './map-server.ts';
import { openNav2Planner } from './nav2-planner.ts';
import { openRobotStatePublisher } from './robot-state-publisher.ts';
import type { RobotView } from './robot-view.ts';
import { openWheelOdometry } from './wheel-odometry.ts';

/** Opens every node of the robot except the camera, which runs in a separate process. */
export function openRobotNodes(view: RobotView): Promise<readonly DemoNode[]> {
  return Promise.all(
    [
      openLidarDriver,
      openBatteryMonitor,
      openWheelOdometry,
      openRobotStatePublisher,
      openMapServer,
      openLifecycleManager,
      openAmcl,
      openNav2Planner,
      openControllerServer,
      openCollisionMonitor,
      openBtNavigator,
      openDiagnosticAggregator,
    ].map((open) => open(view)),
  );
}
